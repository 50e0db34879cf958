import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePrivateFolder } from "../private-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "private-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

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
