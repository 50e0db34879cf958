import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { providerVersion } from "../../providers/oci/version";
import { inFolder, root } from "../folder";
import type { Figure, Line } from "../line";
import { inTurn } from "../pairs";
import { processorSeconds } from "../processes";

/** Seconds of processor that `cdktf get` took of the full provider, 8.28.0, on a quiet machine of two cores. */
const measuredOnce = 17;

export const bindings: Line = {
  name: "bindings",
  limit:
    "The generator of cdktf, most of all loading it, and `npm run`. Where the registry cannot be reached, `cdktf get` is not measured but taken from a quiet machine: 17 s.",
  measure: (repeat) =>
    inFolder(async (folder) => {
      const copy = join(folder, "copy");
      mkdirSync(join(copy, "providers"), { recursive: true });
      await cp(join(root, "providers/oci"), join(copy, "providers/oci"), { recursive: true });
      await cp(join(root, "package.json"), join(copy, "package.json"));
      for (const name of ["node_modules", "scripts"]) symlinkSync(join(root, name), join(copy, name));
      const made = join(copy, "providers/oci/lib/.made-from");
      const make = () => processorSeconds({ command: ["npm", "run", "bindings"], cwd: copy });
      const { again, unchanged } = await inTurn(Math.min(repeat, 3), {
        again: async () => {
          if (existsSync(made)) writeFileSync(made, "");
          return make();
        },
        unchanged: make,
      });
      const full = await fullProvider(join(folder, "full"));
      return [
        {
          what: "npm run bindings",
          unit: "s of processor",
          values: again,
          against: full === undefined ? "cdktf get of the full provider, elsewhere" : "cdktf get of the full provider",
          others: again.map(() => full ?? measuredOnce),
          aim: { of: "faster", atLeast: 8 },
        },
        {
          what: "npm run bindings, the schema unchanged: looks and makes nothing",
          unit: "s of processor",
          values: unchanged,
        },
      ] satisfies Figure[];
    }),
};

/** @returns undefined where the provider cannot be had: it is 400 MB from a registry */
async function fullProvider(folder: string): Promise<number | undefined> {
  mkdirSync(folder);
  const config = { language: "typescript", app: "true", terraformProviders: [`oracle/oci@${providerVersion}`] };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(config));
  const env = { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1", NODE_OPTIONS: "--max-old-space-size=8192" };
  const command = [process.execPath, join(root, "node_modules/.bin/cdktf"), "get"] as const;
  try {
    return await processorSeconds({ command: [...command], cwd: folder, env });
  } catch (error) {
    console.log(
      `  cdktf get is not possible here: ${String((error as Error).message)
        .split("\n")
        .at(-2)}`,
    );
    return undefined;
  }
}
