import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TokenCache } from "../../oauth/token-cache";

const before = process.cwd();
beforeEach(() => process.chdir(fs.mkdtempSync(join(tmpdir(), "tokens-"))));
afterEach(() => {
  const folder = process.cwd();
  jest.restoreAllMocks();
  process.chdir(before);
  fs.rmSync(folder, { recursive: true });
});

const tokens = (accessToken: string) => ({ accessToken, expiresAt: Date.now() / 1000 + 3600 });

test("two processes that write at once do not disturb each other: the one that ends last is kept", () => {
  const [one, other] = [new TokenCache("dev", "client"), new TokenCache("dev", "client")];
  const write = fs.writeFileSync;
  jest.spyOn(fs, "writeFileSync").mockImplementationOnce((...args) => {
    other.write(["a"], tokens("other"));
    write(...args);
  });
  one.write(["a"], tokens("one"));
  expect(one.read(["a"])).toMatchObject({ accessToken: "one", isFresh: true });
  expect(fs.readdirSync(".tokens")).toHaveLength(1);
});

test("a file that others could read is replaced by one that they cannot", () => {
  const cache = new TokenCache("dev", "client");
  cache.write(["a"], tokens("one"));
  const [name = ""] = fs.readdirSync(".tokens");
  fs.chmodSync(join(".tokens", name), 0o644);
  cache.write(["a"], tokens("two"));
  expect(fs.statSync(join(".tokens", name)).mode & 0o777).toBe(0o600);
});

test.each<[string, (file: string) => void]>([
  ["a folder that others may write to", () => fs.chmodSync(".tokens", 0o777)],
  ["a file that others may write to", (file) => fs.chmodSync(file, 0o666)],
  [
    "a file that is a link",
    (file) => {
      fs.renameSync(file, "elsewhere");
      fs.symlinkSync("../elsewhere", file);
    },
  ],
  [
    "a folder that is a link",
    () => {
      fs.renameSync(".tokens", "elsewhere");
      fs.symlinkSync("elsewhere", ".tokens");
    },
  ],
  ["a token that would drive a terminal", (file) => fs.writeFileSync(file, entry("\u001b[2J"))],
])("what is in %s is not believed", (_what, change) => {
  const cache = new TokenCache("dev", "client");
  cache.write(["a"], tokens("one"));
  change(join(".tokens", fs.readdirSync(".tokens")[0] ?? ""));
  expect(cache.read(["a"])).toBeUndefined();
});
const entry = (accessToken: string) => JSON.stringify({ ...tokens(accessToken), scopes: ["a"] });

test("a folder that others could write to is closed to them, and nothing is written through a link", () => {
  const cache = new TokenCache("dev", "client");
  fs.mkdirSync(".tokens", { mode: 0o777 });
  fs.chmodSync(".tokens", 0o777);
  cache.write(["a"], tokens("one"));
  expect(fs.statSync(".tokens").mode & 0o777).toBe(0o700);
  fs.renameSync(".tokens", "elsewhere");
  fs.symlinkSync("elsewhere", ".tokens");
  expect(() => cache.write(["a"], tokens("two"))).toThrow(/\.tokens is a link.*--no-cache/);
});

test("what a killed run was about to keep is forgotten too, and nothing of another client", () => {
  const [cache, other] = [new TokenCache("dev", "client"), new TokenCache("dev", "other")];
  cache.write(["a"], tokens("one"));
  const [name = ""] = fs.readdirSync(".tokens");
  fs.copyFileSync(join(".tokens", name), join(".tokens", `${name}.half-way`));
  other.write(["a"], tokens("other"));
  cache.forget();
  expect(fs.readdirSync(".tokens")).toHaveLength(1);
  expect(other.read(["a"])).toMatchObject({ accessToken: "other" });
});
