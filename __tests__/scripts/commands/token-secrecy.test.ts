import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { clientCredentialsToken } from "../../../oauth/client-credentials";
import { Deployed } from "../deployed";
import type { Ran } from "../in-process";

const password = "Correct-horse-9";
const jwt = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/;

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.activate(password);
  await at.register();
});
afterAll(() => at.close());

/** Every file below the folder that is not a link into the project. */
function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.isFile() ? [path] : [];
  });
}

test("tokens, codes, secrets and passwords are in no output but the token's own, and in no file but the cache", async () => {
  const { apiUrl } = at;
  const token = await at.token();
  const outputs: Record<string, Ran> = {};
  const run = async (name: string, args: string[], input?: string) => {
    outputs[name] = await at.run(args, { input });
  };
  await run("register", ["register", "local"]);
  await run("verify", ["verify", "local", "--url", apiUrl]);
  await run("verify --json", ["verify", "local", "--url", apiUrl, "--json"]);
  await run("doctor", ["doctor", "local", "--url", apiUrl]);
  await run("doctor --token -", ["doctor", "local", "--url", apiUrl, "--token", "-", "--json"], token);
  await run("decode", ["token", "decode", "-", "--environment", "local"], token);
  await run("decode --json", ["token", "decode", "-", "--json"], token);
  await run("postman", ["postman", "local", "--url", apiUrl]);
  await run("unknown scope", ["token", "local", "--scope", "x"]);

  let landed = "";
  let browsing: Promise<unknown> | undefined;
  const signedIn = await at.run(["token", "local", "--no-browser"], {
    onStderr(text) {
      const [, address] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
      if (address) {
        browsing ??= at.browse(address, { username: "alice@example.com", password }).then(({ url }) => {
          landed = url;
        });
      }
    },
  });
  await browsing;
  const code = new URL(landed).searchParams.get("code") ?? "";
  expect(code).not.toBe("");
  outputs["sign-in, standard error"] = { ...signedIn, stdout: "" };

  at.clientSecret = "idcscs-stale";
  const secret = JSON.parse(readFileSync(join(at.folder, "outputs.json"), "utf8")).client_secret.value;
  at.setOutputs(at.outputs);
  await run("refused", ["token", "local", "--grant", "client_credentials", "--no-cache"]);

  const secrets = [secret, "idcscs-", at.standIns.user.password, password, code, encodeURIComponent(code)];
  for (const [name, { stdout, stderr }] of Object.entries(outputs)) {
    const text = stdout + stderr;
    expect({ name, hasToken: jwt.test(text) }).toEqual({ name, hasToken: false });
    expect({ name, secrets: secrets.filter((each) => text.includes(each)) }).toEqual({ name, secrets: [] });
  }

  // What the test itself wrote in Terraform's place does hold the secret.
  const written = files(at.folder).filter((file) => !file.endsWith("outputs.json"));
  const holding = written.filter((file) => {
    const text = readFileSync(file, "utf8");
    return jwt.test(text) || secrets.some((each) => text.includes(each));
  });
  expect([...new Set(holding.map((file) => relative(at.folder, file).split("/")[0]))]).toEqual([".tokens"]);
}, 60_000);

test("an answer that is no answer is not quoted: it may hold a token", async () => {
  const broken = Response.json("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", { headers: { "content-type": "application/json" } });
  jest.spyOn(globalThis, "fetch").mockResolvedValueOnce(broken);
  const request = {
    tokenEndpoint: "https://domain.example.com/token",
    clientId: "c",
    clientSecret: "s",
    scopes: ["x"],
  };
  const error = await clientCredentialsToken(request).catch((error: Error) => error);
  expect(error).toMatchObject({ message: expect.stringMatching(/is not an OAuth response/) });
  expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toMatch(/eyJ/);
});
