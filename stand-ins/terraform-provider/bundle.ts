import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const packageRoot = join(__dirname, "..");
const cache = join(packageRoot, "node_modules", ".cache", "terraform-provider");

/**
 * The provider's process as one file that starts fast, made once for these sources.
 * @returns its path; what it needs lies beside it
 */
export async function bundleProvider(): Promise<string> {
  const folder = join(cache, await sourcesHash());
  if (!existsSync(folder)) await make(folder);
  return join(folder, "main.cjs");
}

/** Of the sources and of what they import: the versions of packages are exact. */
async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(packageRoot, "package.json")));
  for (const file of (await readdir(__dirname)).sort()) {
    hash.update(`\0${file}\0`).update(await readFile(join(__dirname, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Another process may be making the same: the first one to finish names the folder. */
async function make(folder: string): Promise<void> {
  const { build } = await import("esbuild");
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, "new-"));
  await build({
    entryPoints: [join(__dirname, "main.ts")],
    outfile: join(temporary, "main.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
  for (const proto of ["tfplugin5.proto", "grpc_controller.proto"]) {
    await cp(join(__dirname, proto), join(temporary, proto));
  }
  try {
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
