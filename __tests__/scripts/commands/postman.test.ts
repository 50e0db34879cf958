import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployed } from "../deployed";

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.register();
});
afterAll(() => at.close());

const collection = () => join(at.folder, "postman", "local.postman_collection.json");
const environment = () => join(at.folder, "postman", "local.postman_environment.json");
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

test("everything is filled in but the secret", async () => {
  const reports = { clientId: "id-of-reports", public: false, grants: [], redirectUris: [], scopes: [] };
  at.setOutputs({ ...at.outputs, clients: { reports } });
  const { code, stdout } = await at.run(["postman", "local", "--url", at.apiUrl]);
  expect(stdout).toMatch(
    /written: postman\/local\.postman_collection\.json\nwritten: postman\/local\.postman_environment\.json\nfill in client_secret/,
  );
  expect(code).toBe(0);
  const { client } = at.outputs;
  const values = Object.fromEntries(
    read(environment()).values.map(({ key, value, type }: Record<string, string>) => [key, [value, type]]),
  );
  expect(values).toEqual({
    domain_url: [client.domainUrl, "default"],
    authorization_url: [client.authorizationEndpoint, "default"],
    token_url: [client.tokenEndpoint, "default"],
    client_id: [client.clientId, "default"],
    client_id_reports: ["id-of-reports", "default"],
    scope: ["https://hello.example.com/hello.read https://hello.example.com/hello.write", "default"],
    api_url: [at.apiUrl, "default"],
    client_secret: ["", "secret"],
    access_token: ["", "secret"],
  });
  expect(readFileSync(collection(), "utf8") + readFileSync(environment(), "utf8")).not.toContain(at.clientSecret);
});

test("the authorization code request uses PKCE, Postman's callback and the Basic header", () => {
  const { info, item } = read(collection());
  expect(info.schema).toBe("https://schema.getpostman.com/json/collection/v2.1.0/collection.json");
  const [request] = item.find(({ name }: { name: string }) => name.startsWith("Authorization code")).item;
  const settings = Object.fromEntries(
    request.request.auth.oauth2.map(({ key, value }: Record<string, string>) => [key, value]),
  );
  expect(settings).toMatchObject({
    grant_type: "authorization_code_with_pkce",
    challengeAlgorithm: "S256",
    redirect_uri: "https://oauth.pstmn.io/v1/callback",
    client_authentication: "header",
    authUrl: "{{authorization_url}}",
    scope: "{{scope}}",
  });
});

/** What newman reports of a request, or of one that failed. */
interface Reported {
  readonly cursor: { readonly iteration: number };
  readonly source?: { readonly name: string };
  readonly error?: { readonly message: string };
}

/** Runs the collection as its user does. @returns the exit code, and what newman reports */
async function newman(...args: string[]) {
  const report = join(at.folder, "newman.json");
  const { code } = await at.execute(join(__dirname, "../../../node_modules/.bin/newman"), [
    ...["run", collection(), "--environment", environment(), "--ssl-extra-ca-certs", join(at.folder, "ca.pem")],
    ...["--reporters", "json", "--reporter-json-export", report, ...args],
  ]);
  return { code, ...read(report).run };
}

test("of the whole collection, newman fails only the request that says it needs a person; without the secret, others too", async () => {
  const rounds = join(at.folder, "rounds.json");
  writeFileSync(rounds, JSON.stringify([{ client_secret: at.clientSecret }, {}]));
  const { code, executions, failures } = await newman("--iteration-data", rounds);
  const of = (round: number, all: Reported[]) => all.filter(({ cursor }) => cursor.iteration === round);
  expect(of(0, executions)).toHaveLength(5);
  const [failure, ...others] = of(0, failures);
  expect(others).toEqual([]);
  expect(failure?.source?.name).toBe("As the user who signs in (needs a person)");
  expect(failure?.error?.message).toMatch(/200.*401/);
  const items = read(collection()).item.flatMap((folder: { item: object[] }) => folder.item);
  const marked = items.filter((item: { request: { description?: string } }) =>
    item.request.description?.startsWith("Needs a person"),
  );
  expect(marked.map(({ name }: { name: string }) => name)).toEqual([failure?.source?.name]);
  // The tests in the collection can fail.
  expect(of(1, failures).map(({ source }) => source?.name)).toEqual([
    "Get a token",
    "With the token",
    failure?.source?.name,
  ]);
  expect(code).toBe(1);
});

test("newman runs the client-credentials requests green, with the secret given on its command line", async () => {
  const secret = ["--env-var", `client_secret=${at.clientSecret}`];
  const { code, stats, executions, failures } = await newman("--folder", "Client credentials", ...secret);
  expect(failures).toEqual([]);
  expect(stats.assertions).toMatchObject({ total: 3, failed: 0 });
  const statuses = executions.map(({ response }: { response: { code: number } }) => response.code);
  expect(statuses).toEqual([200, 200, 401]);
  expect(code).toBe(0);
});

test("--with-secret writes it, into a file for its owner alone", async () => {
  const { stdout } = await at.run(["postman", "local", "--url", at.apiUrl, "--with-secret", "--output", "shared"]);
  const file = join(at.folder, "shared", "local.postman_environment.json");
  expect(readFileSync(file, "utf8")).toContain(at.clientSecret);
  expect(readFileSync(join(at.folder, "shared", "local.postman_collection.json"), "utf8")).not.toContain(
    at.clientSecret,
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(stdout).toMatch(/holds the client secret/);
  expect(stdout).not.toContain(at.clientSecret);
});

test.each([
  ["does not list Postman's callback", { redirectUris: [] }, /does not list Postman's callback .*app\.redirectUris/],
  ["allows neither grant", { grants: ["refresh_token"] }, /allows neither client_credentials nor authorization_code/],
])("an app that %s is refused, and nothing is written", async (_what, change, message) => {
  const { outputs } = at;
  at.setOutputs({ ...outputs, client: { ...outputs.client, ...change } });
  const { code, stderr } = await at.run(["postman", "local", "--url", at.apiUrl, "--output", "refused"]);
  at.setOutputs(outputs);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(existsSync(join(at.folder, "refused"))).toBe(false);
});
