import fs, {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  closeFolder,
  inPrivateFolder,
  readPrivateFile,
  writeNewPrivateFile,
  writePrivateFile,
} from "../private-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "private-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const makePrivateFolder = (path: string) => inPrivateFolder(path, "remove it", () => {});
const mode = (path: string) => lstatSync(path).mode & 0o777;

test.each([0o022, 0o000, 0o077])("a folder is made for its owner alone, whatever the umask", (mask) => {
  const before = process.umask(mask);
  try {
    makePrivateFolder(join(folder, "new"));
  } finally {
    process.umask(before);
  }
  expect(mode(join(folder, "new"))).toBe(0o700);
});

test("a folder that others could use is closed to them", () => {
  mkdirSync(join(folder, "open"));
  chmodSync(join(folder, "open"), 0o777);
  makePrivateFolder(join(folder, "open"));
  expect(mode(join(folder, "open"))).toBe(0o700);
});

test("a link, of which nobody knows where it leads, and a file are refused with what to do", () => {
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync("elsewhere", join(folder, "link"));
  symlinkSync("nowhere", join(folder, "dangling"));
  writeFileSync(join(folder, "file"), "");
  for (const name of ["link", "dangling", "file"]) {
    expect(() => makePrivateFolder(join(folder, name))).toThrow(
      `${name} is a link, no folder, or belongs to another user: remove it`,
    );
  }
  expect(readdirSync(folder).sort()).toEqual(["dangling", "elsewhere", "file", "link"]);
});

test("a folder whose name another one takes meanwhile is still the one that is written to", () => {
  const path = join(folder, "ours");
  mkdirSync(join(folder, "elsewhere"));
  inPrivateFolder(path, "remove it", (pinned) => {
    renameSync(path, join(folder, "moved"));
    symlinkSync("elsewhere", path);
    writePrivateFile(join(pinned, "file"), "text");
  });
  // Where the system has no path to an open folder, the name is all there is.
  const isPinned = process.platform === "linux";
  expect(readdirSync(join(folder, isPinned ? "moved" : "elsewhere"))).toEqual(["file"]);
  expect(readdirSync(join(folder, "elsewhere"))).toEqual(isPinned ? [] : ["file"]);
});

test("a file takes the place of a link and does not follow it, and is never there in part", () => {
  writeFileSync(join(folder, "foreign"), "foreign");
  symlinkSync("foreign", join(folder, "file"));
  writePrivateFile(join(folder, "file"), "text");
  expect([readFileSync(join(folder, "file"), "utf8"), mode(join(folder, "file"))]).toEqual(["text", 0o600]);
  expect(readFileSync(join(folder, "foreign"), "utf8")).toBe("foreign");

  const write = fs.writeFileSync;
  jest.spyOn(fs, "writeFileSync").mockImplementation((path, text, options) => {
    write(path, String(text).slice(0, 2), options);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  });
  for (const attempt of [writePrivateFile, writeNewPrivateFile]) {
    expect(() => inPrivateFolder(folder, "remove it", (pinned) => attempt(join(pinned, "new"), "text"))).toThrow(
      `cannot use ${folder}: ENOSPC: no space left on device`,
    );
  }
  expect(() => writePrivateFile(join(folder, "file"), "another")).toThrow(/ENOSPC/);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("text");
  expect(readdirSync(folder).sort()).toEqual(["file", "foreign"]);
});

test("where nothing may have the name, what has it stays as it is", () => {
  symlinkSync("nowhere", join(folder, "dangling"));
  writeFileSync(join(folder, "file"), "before");
  for (const name of ["dangling", "file"]) expect(writeNewPrivateFile(join(folder, name), "text")).toBe(false);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("before");
  expect(readdirSync(folder).sort()).toEqual(["dangling", "file"]);
});

test("a folder in the place of a file, or a link in that of a folder, is nothing to read", () => {
  chmodSync(folder, 0o700);
  mkdirSync(join(folder, "file"), { mode: 0o700 });
  expect(readPrivateFile(folder, "file")).toBeUndefined();
  symlinkSync(".", join(folder, "link"));
  writePrivateFile(join(folder, "text"), "text");
  expect([readPrivateFile(folder, "text"), readPrivateFile(join(folder, "link"), "text")]).toEqual(["text", undefined]);
});

test("closing a folder leaves links and what is not there alone", () => {
  mkdirSync(join(folder, "open"));
  chmodSync(join(folder, "open"), 0o755);
  symlinkSync("open", join(folder, "link"));
  for (const name of ["link", "nothing"]) closeFolder(join(folder, name));
  expect(mode(join(folder, "open"))).toBe(0o755);
  closeFolder(join(folder, "open"));
  expect(mode(join(folder, "open"))).toBe(0o700);
});
