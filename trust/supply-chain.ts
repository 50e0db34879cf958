import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allowScripts } from "../package.json";
import { type Row, Tally } from "./row";

const root = join(__dirname, "..");

/** What may be used and passed on without another word than a notice. */
const licences = new Set(
  "0BSD AFL-2.1 Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MPL-2.0 Unlicense UPL-1.0".split(
    " ",
  ),
).add("Public Domain");

/** Why a package may run a script when it is installed; all others may not, and work without. */
const reasons: Record<string, string> = {
  "@cdktf/node-pty-prebuilt-multiarch":
    "puts the native part of the pseudo-terminal in place by which cdktf runs Terraform",
  esbuild: "puts the native program in the place of the script that starts it",
};

/** An entry of package-lock.json. */
interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export const supplyChain: Row = {
  name: "supply-chain",
  promise:
    "each package with a licence that allows its use and with a checksum, none at run time with a weakness that npm audit calls high or critical; install scripts are listed and justified; actions are pinned by digest; npm run sbom lists what is shipped",
  async run(limit) {
    const tally = new Tally(["licence", "install script", "checksum", "action", "bill of materials"]);
    const packages = lockedPackages();
    for (const [path, locked] of packages) checkPackage(path, locked, tally);
    const unchecked = packages
      .filter(([, locked]) => !locked.integrity && !locked.inBundle)
      .map(([path]) => nameOf(path));
    tally.note(
      `${unchecked.length} packages have no checksum in package-lock.json, all of them builds for other platforms than 64-bit Linux with glibc: there npm takes what the registry gives. They are ${unchecked.sort().join(", ")}`,
    );
    for (const [name, reason] of Object.entries(reasons)) tally.note(`install script of ${name}: ${reason}`);
    checkActions(tally);
    // Both start npm, and one asks the registry.
    if (limit !== undefined) return tally.result();
    await checkBill(packages, tally);
    await audit(tally);
    return tally.result();
  },
};

/** What comes from a registry, by its folder. */
function lockedPackages(): [string, Locked][] {
  const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

function checkPackage(path: string, locked: Locked, tally: Tally): void {
  const { license = "none", integrity, dev, inBundle, hasInstallScript } = locked;
  const name = locked.name ?? nameOf(path);
  const decisions: Readonly<Record<string, boolean>> = allowScripts;
  const isDecided = !hasInstallScript || decisions[name] === false || (decisions[name] && name in reasons);
  // What is bundled comes with the checksum of the package around it.
  const isChecked = integrity !== undefined || inBundle || isForAnotherPlatform(locked);
  tally.add(`${path} ${locked.version}`, {
    licence: dev || isAllowed(license) ? undefined : license,
    "install script": isDecided ? undefined : "neither refused nor allowed with a reason",
    checksum: isChecked ? undefined : "none",
  });
}

function isAllowed(licence: string): boolean {
  return licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => licences.has(one));
}

function isForAnotherPlatform({ optional, os, cpu, libc }: Locked): boolean {
  const isHere = (os?.includes("linux") ?? true) && (cpu?.includes("x64") ?? true) && (libc?.includes("glibc") ?? true);
  return optional === true && !isHere;
}

function checkActions(tally: Tally): void {
  const folder = join(root, "docs/ci");
  for (const file of readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))) {
    for (const [, action = ""] of readFileSync(join(folder, file), "utf8").matchAll(/^[ -]*uses: *(\S+)/gm)) {
      // One of the same repository is of the same commit.
      if (action.startsWith("./")) continue;
      tally.add(`${file}: ${action}`, {
        action: /@[0-9a-f]{40}$/.test(action) ? undefined : "pinned by a tag, which can be moved",
      });
    }
  }
}

/** All of it: with --omit dev npm also leaves out what is shipped and is a development dependency of a workspace as well. */
async function checkBill(packages: readonly [string, Locked][], tally: Tally): Promise<void> {
  const { components = [] } = await npm("sbom", "--sbom-format", "cyclonedx");
  const listed = new Set((components as { purl: string }[]).map(({ purl }) => decodeURIComponent(purl)));
  const shipped = packages.filter(([, { dev, optional, inBundle }]) => !dev && !optional && !inBundle);
  for (const [path, { name = nameOf(path), version }] of shipped) {
    const isListed = listed.has(`pkg:npm/${name}@${version}`);
    tally.add(`bill of materials, ${name}`, { "bill of materials": isListed ? undefined : `${version} is not in it` });
  }
  tally.note(`npm run sbom lists ${listed.size} packages in CycloneDX, those for development marked so`);
}

async function audit(tally: Tally): Promise<void> {
  const { metadata } = await npm("audit", "--omit", "dev");
  const found = (metadata as { vulnerabilities?: Record<string, number> } | undefined)?.vulnerabilities;
  if (!found) {
    tally.note(
      "weaknesses were not looked for: the registry of this machine does not answer npm audit; run it where one does",
    );
    return;
  }
  tally.alsoTries("weakness");
  const { high = 0, critical = 0 } = found;
  tally.add("npm audit", { weakness: high + critical === 0 ? undefined : `${high} high, ${critical} critical` });
}

/** What npm prints as JSON, also where it fails. */
function npm(...args: string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile("npm", [...args, "--json"], { cwd: root, maxBuffer: 1 << 26 }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(error ?? new Error(`npm ${args[0]} printed no JSON`));
      }
    });
  });
}
