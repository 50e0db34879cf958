import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { parse } from "yaml";
import type { Actual } from "../../../ords/model";
import { parseDocument, secured } from "../../../scripts/openapi";
import { catalogOf } from "../../../scripts/openapi-catalog";
import { serve } from "../../oauth/server";
import { audience, Deployed } from "../deployed";

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.register();
});
afterAll(() => at.close());

// biome-ignore lint/suspicious/noExplicitAny: documents of every form
type Any = any;

/** One for all documents: it compiles the schema of OpenAPI when it is first used. */
const validator = new Validator();

/** What a public validator of OpenAPI finds wrong. */
async function faults(document: Any): Promise<unknown> {
  const { valid, errors } = await validator.validate(structuredClone(document));
  return valid ? validator.version : errors;
}

const openapi = (...args: string[]) => at.run(["openapi", "local", "--url", at.apiUrl, ...args]);
const enable = (auth: string) =>
  `BEGIN ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'hello', p_auto_rest_auth => ${auth}); END;`;

test("a catalog that is for users only is not taken for an empty one, and it is said what to do", async () => {
  const { code, stdout, stderr } = await openapi();
  expect(stderr).toMatch(/\/ords\/hello\/open-api-catalog\/ answered 401: .*p_auto_rest_auth.*--file/);
  expect([code, stdout]).toEqual([3, ""]);
});

describe("a catalog that can be read", () => {
  beforeAll(() =>
    at.sql(
      enable("FALSE"),
      `BEGIN
         ORDS.DEFINE_MODULE('open', 'open/');
         ORDS.DEFINE_TEMPLATE('open', 'things/:id');
         ORDS.DEFINE_HANDLER('open', 'things/:id', p_source => 'SELECT 1 AS one FROM dual');
         ORDS.DEFINE_HANDLER('open', 'things/:id', p_method => 'DELETE', p_source_type => 'plsql/block', p_source => 'BEGIN NULL; END;');
         ORDS.DEFINE_MODULE('written', 'written/');
         ORDS.DEFINE_TEMPLATE('written', 'letters');
         ORDS.DEFINE_HANDLER('written', 'letters', p_method => 'POST', p_source_type => 'plsql/block', p_source => 'BEGIN NULL; END;');
       END;`,
    ),
  );

  test("becomes one valid document with the scopes that each operation needs, as they are registered", async () => {
    const { code, stdout, stderr } = await openapi();
    expect(code).toBe(0);
    expect(stderr).toMatch(/operations: 2 protected, 2 public, 0 not known\n$/);
    const document = JSON.parse(stdout);
    expect(await faults(document)).toBe("3.0");
    const need = (scope: string) => [{ oci: [audience + scope] }];
    expect(document.servers).toEqual([{ url: `${at.standIns.ords.url}/hello` }]);
    const security = Object.entries<Any>(document.paths).flatMap(([path, item]) =>
      Object.entries<Any>(item).map(([method, operation]) => [`${method} ${path}`, operation.security, operation.tags]),
    );
    expect(security).toEqual([
      ["get /hello/me", need("hello.read"), ["hello"]],
      ["get /open/things/{id}", [], ["open"]],
      ["delete /open/things/{id}", [], ["open"]],
      ["post /written/letters", need("hello.write"), ["written"]],
    ]);
    const { client, developerClient } = at.outputs;
    const scopes = { [`${audience}hello.read`]: "Read", [`${audience}hello.write`]: "Write" };
    expect(document.components.securitySchemes.oci).toEqual({
      type: "oauth2",
      description: expect.stringContaining(`client id ${client.clientId}, ${developerClient?.clientId}.`),
      flows: {
        authorizationCode: {
          authorizationUrl: client.authorizationEndpoint,
          tokenUrl: client.tokenEndpoint,
          refreshUrl: client.tokenEndpoint,
          "x-usePkce": "SHA-256",
          scopes,
        },
        clientCredentials: { tokenUrl: client.tokenEndpoint, scopes },
      },
    });
    expect(stdout).not.toContain(at.clientSecret);
  });

  test("what the document says is what the API does: with these scopes, and without a token where it says so", async () => {
    const { paths, servers } = JSON.parse((await openapi("--quiet")).stdout);
    for (const [path, item] of Object.entries<Any>(paths)) {
      const [operation] = Object.values<Any>(item);
      const [requirement] = operation.security;
      const method = Object.keys(item)[0]?.toUpperCase() ?? "";
      const url = servers[0].url + path.replace("{id}", "7");
      const withToken = requirement && (await at.token(requirement.oci.join(" ")));
      const status = async (token?: string) =>
        (await fetch(url, { method, headers: token ? { authorization: `Bearer ${token}` } : {} })).status;
      expect([path, await status()]).toEqual([path, requirement ? 401 : 200]);
      if (requirement) expect([path, await status(withToken)]).toEqual([path, 200]);
    }
  });

  test("--output writes a file, in YAML by its name, and says nothing with --quiet", async () => {
    const { stdout } = await openapi("--quiet", "--format", "json");
    const ran = await openapi("--output", "api.yaml");
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toMatch(/written: api\.yaml \(operations: /);
    const text = readFileSync(join(at.folder, "api.yaml"), "utf8");
    expect(text).toMatch(/^openapi: 3\.0\.0$/m);
    expect(parse(text)).toEqual(JSON.parse(stdout));
    expect(statSync(join(at.folder, "api.yaml")).mode & 0o077).toBe(0);
    expect((await openapi("--quiet", "--format", "yaml")).stdout).toBe(text);
    const nowhere = await openapi("--output", "no/such/folder/api.json");
    expect([nowhere.code, nowhere.stderr]).toEqual([
      3,
      expect.stringMatching(/cannot use no\/such\/folder\/api\.json/),
    ]);
  });

  test("documents that were fetched otherwise are taken with --file, also without the API's address", async () => {
    const url = `${at.standIns.ords.url}/hello/open-api-catalog/`;
    const files = ["hello", "open"];
    for (const file of files) {
      writeFileSync(join(at.folder, `${file}.json`), await (await fetch(`${url}${file}/`)).text());
    }
    const given = await at.run(["openapi", "local", "--quiet", "--file", "hello.json", "open.json"]);
    const [whole, some] = [(await openapi("--quiet")).stdout, given.stdout].map((text) => JSON.parse(text));
    const { "/written/letters": _, ...others } = whole.paths;
    expect([some.paths, some.servers]).toEqual([others, whole.servers]);
    // A single one keeps what it says of itself.
    const one = await at.run(["openapi", "local", "--quiet", "--file", "hello.json"]);
    expect(JSON.parse(one.stdout).info.title).toBe("ORDS generated API for hello");
  });
});

test("a schema without JWT profile is pointed out: it takes no token", async () => {
  await at.sql("BEGIN ORDS_SECURITY.DELETE_JWT_PROFILE; END;");
  const { code, stderr } = await openapi();
  await at.register();
  await at.sql(enable("FALSE"));
  expect(stderr).toMatch(
    /warning: schema HELLO has no JWT profile yet, so it takes no token: npx ords-jwt register local/,
  );
  expect(code).toBe(0);
});

test.each<[string, string, RegExp]>([
  ["is not there", "", /cannot read none\.json/],
  ["is neither JSON nor YAML", "a: [b", /neither JSON nor YAML/],
  ["is JSON that was cut", '{"openapi":"3.0', /neither JSON nor YAML/],
  ["is of Swagger 2.0", '{"swagger":"2.0","info":{},"paths":{}}', /document of Swagger 2\.0: take one of OpenAPI 3/],
  ["is something else", "[]", /not an OpenAPI 3 document: the document: /],
  ["has no paths", '{"openapi":"3.0.0","info":{}}', /not an OpenAPI 3 document: paths: /],
  [
    "is of another schema",
    '{"openapi":"3.0.0","info":{},"servers":[{"url":"https://h/ords/other/m/"}],"paths":{"/x":{}}}',
    /https:\/\/h\/ords\/other\/m\/x: "hello", under which the schema is published, is no part of the path/,
  ],
  [
    "does not say where it is",
    '{"openapi":"3.0.0","info":{},"paths":{"/x":{}}}',
    /its server is not named: give --url/,
  ],
])("a file that %s is refused", async (_what, text, message) => {
  const name = text === "" ? "none.json" : "given.json";
  if (text !== "") writeFileSync(join(at.folder, name), text);
  const { code, stdout, stderr } = await at.run(["openapi", "local", "--file", name]);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, ""]);
});

test("without an address and without a file there is nothing to take, and an address elsewhere is refused", async () => {
  const none = await at.run(["openapi", "local"]);
  expect([none.code, none.stderr]).toEqual([
    2,
    expect.stringMatching(/give --url, set apiUrl in environments\/local\.ts/),
  ]);
  const other = await at.run(["openapi", "local", "--url", "https://localhost:1/ords/other/x"]);
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/"hello".*is no part of the path/)]);
  const down = await at.run(["openapi", "local", "--url", "https://localhost:1/ords/hello/x"]);
  expect([down.code, down.stderr]).toEqual([3, expect.stringMatching(/open-api-catalog\/ cannot be reached/)]);
});

describe("a catalog that is not as it should be", () => {
  const origin = "https://ords.example.com";
  const root = `${origin}/ords/hr`;
  const folder = "/ords/hr/open-api-catalog/";
  const document = { openapi: "3.0.0", info: {}, paths: {} };
  const link = (href: string) => ({ name: href, links: [{ rel: "canonical", href }] });

  /** The documents of a catalog that answers so. */
  async function read(answers: Record<string, unknown>) {
    const asked: string[] = [];
    const close = await serve({
      [origin]: (request, response) => {
        asked.push(request.url ?? "");
        const answer = answers[request.url ?? ""];
        response.statusCode = answer === undefined ? 404 : 200;
        response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
      },
    });
    try {
      return { names: (await catalogOf(root)).map(({ name }) => name), asked };
    } catch (error) {
      return { error: (error as Error).message, asked };
    } finally {
      jest.restoreAllMocks();
      await close();
    }
  }

  test("is read where it was asked for, whatever host it names, page by page", async () => {
    const { names, asked } = await read({
      [folder]: {
        items: [link("http://10.0.0.1:8080/ords/hr/open-api-catalog/a/")],
        links: [{ rel: "next", href: "http://10.0.0.1/ords/hr/open-api-catalog/?offset=25" }],
      },
      [`${folder}?offset=25`]: {
        items: [link("b/")],
        links: [{ rel: "next", href: `${folder}?offset=25` }],
      },
      [`${folder}a/`]: document,
    });
    expect(names).toBeUndefined();
    expect(asked.slice(0, 2)).toEqual([folder, `${folder}?offset=25`]);
    const second = await read({
      [folder]: { items: [link(`${folder}a/`), link("https://evil.example.com/open-api-catalog/b/")] },
      [`${folder}a/`]: document,
      [`${folder}b/`]: document,
    });
    expect([second.names?.length, second.asked.toSorted()]).toEqual([2, [folder, `${folder}a/`, `${folder}b/`]]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["is a page", { [folder]: "<html>" }, /did not answer with JSON: is it ORDS that answers there\?/],
    ["is something else", { [folder]: { modules: [] } }, /is not the catalog of ORDS: items/],
    ["is empty", { [folder]: { items: [] } }, /lists no module: publish one, or give --file/],
    ["is not there", {}, /answered 404, expected 200.*--file/],
    [
      "leads out of itself",
      { [folder]: { items: [link("https://evil.example.com/x")] } },
      /links to https:\/\/evil\.example\.com\/x, which is not in it/,
    ],
    ["lists what is not there", { [folder]: { items: [link(`${folder}a/`)] } }, /a\/ answered 404/],
    [
      "has documents of another kind",
      { [folder]: { items: [link(`${folder}a/`)] }, [`${folder}a/`]: { swagger: "2.0" } },
      /a\/ is a document of Swagger 2\.0/,
    ],
  ])("and %s is an error", async (_what, answers, message) => {
    expect((await read(answers)).error).toMatch(message);
  });
});

describe("an operation", () => {
  const privilege = (name: string, modules: string[], patterns: string[], roles: string[] = []) => ({
    ...{ name, modules, patterns, roles },
    ...{ label: null, description: null, comments: null },
  });
  const actual = (privileges: Actual["privileges"], roleClaim: string | null = null): Actual => ({
    ...{ ordsVersion: "25.1.0", schema: "HELLO", user: "HELLO", basePath: "hello", roles: [], privileges },
    profile: { issuer: "i", audience, jwkUrl: "j", description: null, allowedSkew: null, allowedAge: null, roleClaim },
    modules: [
      { name: "hello", basePath: "/hello/", comments: null, templates: ["things/:id", "me"] },
      { name: "odd", basePath: "/odd/", comments: null, templates: [":id?"] },
    ],
  });
  const documentOf = (path: string, components: object = {}) =>
    parseDocument(
      {
        openapi: "3.0.0",
        info: { title: "t", version: "1" },
        servers: [{ url: "https://h/ords/hello/" }],
        paths: {
          [path]: {
            parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
              name,
              in: "path",
              required: true,
              schema: { $ref: "#/components/schemas/ID" },
            })),
            get: { description: "Get it", responses: { 200: { description: "ok" } } },
          },
        },
        components: { schemas: { ID: { type: "string" } }, ...components },
      },
      "d",
    );

  const of = async (path: string, privileges: Actual["privileges"], roleClaim?: string) => {
    const { document, notes } = secured(
      [{ name: "d", document: documentOf(path) }],
      at.outputs,
      actual(privileges, roleClaim),
    );
    expect(await faults(document)).toBe("3.0");
    const { security, description } = (document as Any).paths[path].get;
    return { security, description, notes };
  };
  const [read, write] = [`${audience}hello.read`, `${audience}hello.write`];

  test.each<[string, string, Actual["privileges"], object[], RegExp, string?]>([
    [
      "in a module with a privilege",
      "/hello/me",
      [privilege("hello.read", ["hello"], [])],
      [{ oci: [read] }],
      /^Get it$/,
    ],
    ["that nothing protects", "/hello/me", [], [], /^Get it$/],
    [
      "with two privileges asks for both",
      "/hello/me",
      [privilege("hello.read", ["hello"], []), privilege("hello.write", [], ["/hello/*"])],
      [{ oci: [read, write] }],
      /^Get it\n\nProtected by privileges hello\.read and hello\.write: a token for all of them is enough/,
    ],
    [
      "of which some paths are closed",
      "/hello/things/{id}",
      [privilege("hello.read", [], ["/hello/things/7"])],
      [{}, { oci: [read] }],
      /Some of the paths that this stands for need privilege hello\.read\./,
    ],
    [
      "of which some paths need more",
      "/hello/things/{id}",
      [privilege("hello.read", ["hello"], []), privilege("hello.write", [], ["/hello/things/7"])],
      [{ oci: [read] }, { oci: [read, write] }],
      /Some of the paths that this stands for need privilege hello\.write\./,
    ],
    [
      "that a pattern beside it does not touch",
      "/hello/things/{id}",
      [privilege("hello.read", [], ["/hello/other/7", "/hello/things/7/*", "/hello/me"])],
      [],
      /^Get it$/,
    ],
    [
      "that somebody else's privilege closes",
      "/hello/me",
      [privilege("theirs", ["hello"], [])],
      [{ oci: [] }],
      /No client of this stack may ask for theirs: .*answers 401/,
    ],
    [
      "of which it cannot be told",
      "/odd/{id}",
      [],
      [{}, { oci: [] }],
      /It cannot be told from the schema whether this needs a token/,
    ],
    [
      "that needs a role",
      "/hello/me",
      [privilege("hello.read", ["hello"], [], ["clerk", "boss"])],
      [{ oci: [read] }],
      /The profile is role-based: the token must hold one of the roles clerk, boss at \/groups/,
      "/groups",
    ],
  ])("%s", async (...[_what, path, privileges, security, description, roleClaim]) => {
    const found = await of(path, privileges, roleClaim);
    expect(found.security).toEqual(security);
    expect(found.description).toMatch(description);
    expect(found.notes).toHaveLength(found.description === "Get it" ? 0 : 1);
  });

  test("refers to the components of its own document, also where another one has others by that name", async () => {
    const named = ["a", "b", "c"].map((name, index) => ({
      name,
      document: documentOf(`/${name}/{id}`, { schemas: { ID: { type: index === 1 ? "integer" : "string" } } }),
    }));
    const { document } = secured(named, at.outputs, actual([])) as { document: Any };
    expect(await faults(document)).toBe("3.0");
    const types = ["a", "b", "c"].map((name) => {
      const { $ref } = document.paths[`/${name}/{id}`].parameters[0].schema;
      return [$ref, document.components.schemas[$ref.split("/").at(-1)].type];
    });
    expect(types).toEqual([
      ["#/components/schemas/ID", "string"],
      ["#/components/schemas/b.ID", "integer"],
      ["#/components/schemas/ID", "string"],
    ]);
  });

  test("has no flow when no client may use one, and that is an error", () => {
    const { outputs } = at;
    const ords = { ...outputs, developerClient: null, client: { ...outputs.client, grants: ["device_code"] } };
    expect(() => secured([{ name: "d", document: documentOf("/x") }], ords, actual([]))).toThrow(
      /no client of stack local may use authorization_code or client_credentials/,
    );
  });
});

test("the validator finds a document wrong that is wrong", async () => {
  expect(await faults({ openapi: "3.0.0", info: {}, paths: {} })).not.toBe("3.0");
});
