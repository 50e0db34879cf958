import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, root } from "../folder";
import type { Figure, Line } from "../line";
import { output } from "../processes";

export const install: Line = {
  name: "install",
  limit: "Oracle's SDK (15 MB) and `cdktf` itself; of the repository, `cdktf-cli` and the tools of the tests.",
  measure: () =>
    inFolder(async (folder) => {
      const packed = JSON.parse(
        await output({ command: ["npm", "pack", "--json", "--pack-destination", folder], cwd: root }),
      );
      const file = join(folder, packed[0].filename);
      const project = join(folder, "project");
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), '{ "private": true }');
      await output({ command: ["npm", "install", "--no-audit", "--no-fund", "--omit=dev", file], cwd: project });
      const sizes = async (where: string, what: string): Promise<Figure[]> => [
        { what: `${what}: packages`, unit: "", values: [packagesIn(where)] },
        { what: `${what}: size`, unit: "MB", values: [await megabytes(join(where, "node_modules"))] },
      ];
      return [
        ...(await sizes(project, "npm install of the package")),
        { what: "the package itself, packed", unit: "MB", values: [packed[0].size / 1e6] },
        ...(await sizes(root, "npm ci of the repository")),
      ];
    }),
};

function packagesIn(folder: string): number {
  const { packages } = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8"));
  return Object.keys(packages).filter((path) => path !== "").length;
}

async function megabytes(folder: string): Promise<number> {
  const [kilobytes] = (await output({ command: ["du", "-sk", folder] })).split("\t");
  return Number(kilobytes) / 1024;
}
