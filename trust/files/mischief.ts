import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileUse } from "./watched-files";

/** Where mischief is done: what is ours, and what belongs to somebody else and is to stay as it is. */
export interface Scene {
  /** The folder that the command writes to. */
  readonly place: string;
  /** Somebody else's folder. */
  readonly outside: string;
  /** Where what was ours is put when another thing takes its place. */
  readonly aside: string;
}

/** Something that somebody, or the system, does right before a file is used. */
export interface Mischief {
  readonly name: string;
  /** Whether it can be done to this use at all. */
  suits(use: FileUse, scene: Scene): boolean;
  /** Changes the files, or gives an error that takes the place of the use. */
  do(use: FileUse, scene: Scene): NodeJS.ErrnoException | undefined;
}

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const writes = /^(linkSync|mkdirSync|mkdtempSync|openSync|renameSync|rmSync|writeFileSync)$/;

/** Puts what has the name aside, and makes something else in its place. */
function swap(path: string, { aside }: Scene, make: () => void): undefined {
  if (lstatSync(path, { throwIfNoEntry: false })) renameSync(path, join(aside, `${basename(path)}-${Math.random()}`));
  make();
}

const inPlace = ({ path }: FileUse, { place }: Scene) => path !== place;
/** Some folders are there before, and not ours alone. */
const isOurFolder = ({ place }: Scene) => !/(tmp|local|pages|environments)$/.test(place);
const failing = (code: string, text: string) => () =>
  Object.assign(new Error(`${code}: ${text}`), { code, syscall: "write", errno: -1 });

const onFile = (name: string, make: (path: string, scene: Scene) => void): Mischief => ({
  name,
  suits: inPlace,
  do: ({ path }, scene) => swap(path, scene, () => make(path, scene)),
});
const onFolder = (name: string, make: (scene: Scene) => void): Mischief => ({
  name,
  suits: (_use, scene) => isOurFolder(scene),
  do: (_use, scene) => swap(scene.place, scene, () => make(scene)),
});
const onOwner = (name: string, path: (use: FileUse, scene: Scene) => string): Mischief => ({
  name,
  suits: (use, scene) => isRoot && isOurFolder(scene) && existsSync(path(use, scene)),
  do(use, scene) {
    chownSync(path(use, scene), nobody, nobody);
    return undefined;
  },
});

export const mischiefs: readonly Mischief[] = [
  onFile("a link to somebody else's file", (path, { outside }) => symlinkSync(join(outside, "file"), path)),
  onFile("a link to nothing", (path, { outside }) => symlinkSync(join(outside, "nothing"), path)),
  onFile("a hard link to somebody else's file", (path, { outside }) => linkSync(join(outside, "file"), path)),
  onFile("a folder in the place of the file", (path) => {
    mkdirSync(path);
    writeFileSync(join(path, "inside"), "inside");
  }),
  onFile("a file that everybody may write to", (path) => {
    writeFileSync(path, "foreign");
    chmodSync(path, 0o666);
  }),
  onFolder("the folder is a link to somebody else's", ({ place, outside }) => symlinkSync(outside, place)),
  onFolder("the folder is a link to nothing", ({ place, outside }) => symlinkSync(join(outside, "nothing"), place)),
  onFolder("a file in the place of the folder", ({ place }) => writeFileSync(place, "foreign")),
  onFolder("the folder is gone", () => {}),
  onFolder("another folder that everybody may write to", ({ place }) => {
    mkdirSync(place);
    chmodSync(place, 0o777);
  }),
  onOwner("the folder is somebody else's", (_use, { place }) => place),
  onOwner("the file is somebody else's", ({ path }) => path),
  {
    name: "the disk is full",
    suits: ({ by }) => writes.test(by) && by !== "rmSync",
    do: failing("ENOSPC", "no space left on device"),
  },
  {
    name: "the folder is read-only",
    suits: ({ by }) => writes.test(by),
    do: failing("EROFS", "read-only file system"),
  },
  { name: "nothing is permitted", suits: () => true, do: failing("EACCES", "permission denied") },
];

/** All that is in a folder, with modes and contents. */
export function picture(folder: string): string {
  if (!existsSync(folder)) return "";
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries
    .map((entry) => {
      const path = join(folder, entry.name);
      const mode = (lstatSync(path).mode & 0o7777).toString(8);
      const content = entry.isDirectory()
        ? `{${picture(path)}}`
        : entry.isSymbolicLink()
          ? readlinkSync(path)
          : readFileSync(path, "utf8");
      return `${entry.name} ${mode} ${content}`;
    })
    .join("\n");
}

/** Somebody else's folder, as it was. */
export function makeOutside(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { mode: 0o755 });
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "file"), "somebody else's");
  chmodSync(join(folder, "file"), 0o644);
}
