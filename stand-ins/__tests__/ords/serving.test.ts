import { once } from "node:events";
import { connect } from "node:tls";
import { type Scenario, startScenario } from "./support";

let ords: Scenario;
beforeAll(async () => {
  ords = await startScenario();
  await ords.module("api", "hello", "SELECT 'Hello' AS greeting, 42 AS answer, NULL AS nothing FROM dual");
});
afterAll(() => ords.close());

async function body(target: string) {
  const response = await ords.call(target);
  return { status: response.status, ...JSON.parse(response.text) };
}

describe("routing", () => {
  test.each(["/none/hello", "/api/none", "/api/hello/", "/api", "/"])("%s is not found", async (target) => {
    expect(await body(target)).toMatchObject({ status: 404, code: "NotFound" });
  });

  test("an unknown schema is not found, nor one that is not REST-enabled", async () => {
    expect(await body("x/api/hello")).toMatchObject({ status: 404 });
    await ords.run("BEGIN ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'other'); END;", {}, "OTHER");
    await ords.run("BEGIN ORDS.DEFINE_MODULE('m', 'm/'); ORDS.DEFINE_TEMPLATE('m', 't'); END;", {}, "OTHER");
    expect(await body("/../other/m/t")).toMatchObject({ status: 405 });
    await ords.run("BEGIN ORDS.ENABLE_SCHEMA(p_enabled => FALSE, p_url_mapping_pattern => 'other'); END;", {}, "OTHER");
    expect(await body("/../other/m/t")).toMatchObject({ status: 404 });
  });

  test("a module that is not published is not found", async () => {
    await ords.module("draft", "hello", "SELECT 1 AS one FROM dual", { status: "NOT_PUBLISHED" });
    expect((await body("/draft/hello")).status).toBe(404);
    await ords.module("draft", "hello", "SELECT 1 AS one FROM dual");
    expect((await body("/draft/hello")).status).toBe(200);
  });

  test("a method without handler is not allowed", async () => {
    const response = await ords.call("/api/hello", { method: "DELETE" });
    expect(response).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });

  test("an encoded slash is a bad request", async () => {
    expect(await body("/api%2Fhello")).toMatchObject({ status: 400 });
  });

  test("a base path of several segments leads to its module, and the longer one to its own", async () => {
    const source = (text: string) => `SELECT '${text}' AS module, :id AS id FROM dual`;
    await ords.module("api.v1", "employees/:id", source("api"), { basePath: "/company/api/v1/" });
    await ords.module("api.v1.hr", ":id/name", source("hr"), { basePath: "/company/api/v1/hr/" });
    expect(await body("/company/api/v1/employees/7")).toEqual({ status: 200, module: "api", id: "7" });
    expect(await body("/company/api/v1/hr/7/name")).toEqual({ status: 200, module: "hr", id: "7" });
    for (const wrong of ["/company/api/", "/company/api/v1", "/company/api/v1/hr/7", "/api/v1/employees/7"]) {
      expect(await body(wrong)).toMatchObject({ status: 404 });
    }
    await ords.privilege("company.read", { module: "api.v1" });
    expect(await body("/company/api/v1/employees/7")).toMatchObject({ status: 401 });
    expect(await body("/company/api/v1/hr/7/name")).toMatchObject({ status: 200 });
  });

  test("a route pattern beyond :name says that it is not supported", async () => {
    await ords.module("optional", ":id?", "SELECT 1 AS one FROM dual");
    expect(await body("/optional/1")).toMatchObject({ status: 501, cause: expect.stringContaining(":id?") });
  });

  test("a request target that is no path is a bad request", async () => {
    const { port } = new URL(ords.url);
    const socket = connect({ port: Number(port), host: "127.0.0.1", rejectUnauthorized: false });
    socket.end("GET https://localhost/ords/hr/api/hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("the catalog", () => {
  const enable = (auth: string) =>
    ords.run(`BEGIN ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'hr', p_auto_rest_auth => ${auth}); END;`);

  test("is for users only unless the schema says otherwise, and a pattern closes it too", async () => {
    for (const target of ["/open-api-catalog/", "/open-api-catalog/api/", "/open-api-catalog/none/"]) {
      expect((await ords.call(target, { token: "x" })).status).toBe(401);
    }
    await enable("FALSE");
    expect((await ords.call("/open-api-catalog/")).status).toBe(200);
    await ords.privilege("catalog.read", { pattern: "/open-api-catalog/*" });
    expect((await ords.call("/open-api-catalog/")).status).toBe(401);
    await ords.run("BEGIN ORDS.DELETE_PRIVILEGE('catalog.read'); END;");
  });

  test("lists the modules with links to a document of each", async () => {
    const base = `${new URL(ords.url).origin}/ords/hr`;
    await ords.module("described", "things/:id", "SELECT 1 AS one FROM dual", { basePath: "/a/b/" });
    const { items } = await body("/open-api-catalog/");
    expect(items).toContainEqual({
      name: "described",
      links: [{ rel: "canonical", href: `${base}/open-api-catalog/a/b/`, mediaType: "application/openapi+json" }],
    });
    expect(await body("/open-api-catalog/a/b/")).toMatchObject({
      openapi: "3.0.0",
      info: { title: "ORDS generated API for described", version: "1.0.0" },
      servers: [{ url: `${base}/a/b/` }],
      paths: { "/things/{id}": { get: { parameters: [{ name: "id", in: "path", required: true }] } } },
    });
    expect((await ords.call("/open-api-catalog/", { method: "POST" })).status).toBe(405);
    for (const wrong of [
      "/open-api-catalog",
      "/open-api-catalog/a/b",
      "/open-api-catalog/none/",
      "/metadata-catalog/",
    ]) {
      expect((await ords.call(wrong)).status).toBe(404);
    }
  });
});

describe("json/item", () => {
  test("answers with the row, names in lower case", async () => {
    const response = await ords.call("/api/hello");
    expect(response).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(response.text)).toEqual({ greeting: "Hello", answer: 42, nothing: null });
  });

  test("without a row is not found", async () => {
    await ords.module("empty", "item", "SELECT 1 AS one FROM dual WHERE 1 = 2");
    expect((await body("/empty/item")).status).toBe(404);
  });

  test.each([
    ["colon", ":id"],
    ["braces", "{id}"],
  ])("binds path and query parameters, path first, the rest NULL (%s)", async (module, parameter) => {
    const source =
      "SELECT :id AS id, :Name AS name, :missing AS missing FROM dual -- :comment\nWHERE ':literal' IS NOT NULL";
    await ords.module(module, `items/${parameter}`, source);
    expect(await body(`/${module}/items/a%20b?id=2&name=n&name=m&other=x`)).toEqual({
      status: 200,
      id: "a b",
      name: "n",
      missing: null,
    });
  });

  test("a caller cannot set current_user", async () => {
    await ords.module("who", ":current_user", "SELECT :current_user AS name FROM dual");
    expect(await body("/who/king?current_user=king&CURRENT_USER=king")).toEqual({ status: 200, name: null });
  });

  test("a value is bound, not pasted", async () => {
    await ords.module("bound", "item", "SELECT :value AS value FROM dual");
    expect(await body(`/bound/item?value=${encodeURIComponent("' || user || '")}`)).toMatchObject({
      value: "' || user || '",
    });
  });

  test("runs in the schema", async () => {
    await ords.module("session", "item", "SELECT user AS name FROM dual");
    expect(await body("/session/item")).toEqual({ status: 200, name: "HR" });
  });
});

describe("json/collection", () => {
  const sourceType = "json/collection";
  const source = "SELECT name FROM user_ords_privileges WHERE name LIKE 'page.%' ORDER BY name";

  beforeAll(async () => {
    for (let number = 1; number <= 5; number++) await ords.privilege(`page.${number}`, { pattern: `/none/${number}` });
    await ords.module("pages", "all", source, { sourceType, itemsPerPage: 2 });
    await ords.module("default", "all", source, { sourceType });
  });

  const items = (...numbers: number[]) => numbers.map((number) => ({ name: `page.${number}` }));

  test("answers with a page as large as the module says, and a link to the next", async () => {
    const self = `${ords.url}/hr/pages/all`;
    expect(await body("/pages/all")).toEqual({
      status: 200,
      items: items(1, 2),
      hasMore: true,
      limit: 2,
      offset: 0,
      count: 2,
      links: [
        { rel: "self", href: self },
        { rel: "next", href: `${self}?offset=2` },
      ],
    });
  });

  test("the last page has no next", async () => {
    const last = await body("/default/all?offset=4&limit=2");
    expect(last).toMatchObject({ items: items(5), hasMore: false, limit: 2, offset: 4, count: 1 });
    expect(last.links).toHaveLength(1);
  });

  test("a full last page has no next either", async () => {
    expect(await body("/default/all?offset=3&limit=2")).toMatchObject({ items: items(4, 5), hasMore: false });
  });

  test("has 25 rows a page by default and may be empty", async () => {
    expect(await body("/default/all")).toMatchObject({ limit: 25, count: 5 });
    expect(await body("/default/all?offset=9")).toMatchObject({ items: [], count: 0, hasMore: false });
  });

  test.each(["offset=-1", "limit=x", "limit=", "offset=1.5"])("%s is a bad request", async (parameter) => {
    expect((await body(`/default/all?${parameter}`)).status).toBe(400);
  });

  test("filtering with q says that it is not supported", async () => {
    expect(await body("/default/all?q=%7B%7D")).toMatchObject({ status: 501, cause: expect.stringContaining(" q ") });
  });
});

describe("a handler that fails", () => {
  test.each([
    ["on an unknown table", "SELECT * FROM no_such_table"],
    ["on bad syntax", "SELEKT 1"],
    ["because it is no query", "BEGIN NULL; END;"],
  ])("%s answers 555", async (name, source) => {
    const module = name.replaceAll(" ", "-");
    await ords.module(module, "item", source);
    expect(await body(`/${module}/item`)).toMatchObject({
      status: 555,
      code: "UserDefinedResourceError",
      "o:errorCode": "ORDS-25001",
    });
  });

  test("a source type beyond queries and blocks says that it is not supported", async () => {
    await ords.module("media", "item", "SELECT 'text/plain', 'x' FROM dual", { sourceType: "resource/lob" });
    expect(await body("/media/item")).toMatchObject({ status: 501, cause: expect.stringContaining("resource/lob") });
  });

  test("an implicit parameter of ORDS says that it is not supported", async () => {
    await ords.module("implicit", "item", "SELECT :row_offset AS first FROM dual");
    expect(await body("/implicit/item?row_offset=1")).toMatchObject({
      status: 501,
      cause: expect.stringContaining(":row_offset"),
    });
  });
});

describe("an error", () => {
  const html = { "content-type": "text/html; charset=utf-8" };
  const problem = { "content-type": "application/problem+json" };

  beforeAll(() => ords.privilege("closed", { pattern: "/closed/*" }));

  test("without token is a problem document without challenge", async () => {
    const response = await ords.call("/closed/x");
    expect(response).toMatchObject({ status: 401, headers: problem, refusals: ["no_token"] });
    expect(response.headers).not.toHaveProperty("www-authenticate");
    expect(JSON.parse(response.text)).toEqual({
      code: "Unauthorized",
      message: "Unauthorized",
      type: "tag:oracle.com,2020:error/Unauthorized",
      instance: expect.stringMatching(/^tag:oracle\.com,2020:ecid\/[\w-]{22}$/),
    });
  });

  test("credentials other than a bearer token count as none", async () => {
    const response = await ords.call("/closed/x", { headers: { authorization: "Basic c2NvdHQ6dGlnZXI=" } });
    expect(response).toMatchObject({ status: 401, refusals: ["no_token"] });
    expect(response.headers).not.toHaveProperty("www-authenticate");
  });

  const form = { origin: "https://x", "content-type": "application/x-www-form-urlencoded" };
  test.each<[string, Record<string, string>, object, string?]>([
    ["a browser", { accept: "text/html,application/xhtml+xml,*/*;q=0.8" }, html],
    ["a browser's script", { accept: "text/html, application/json;q=0.9" }, html],
    ["a client of JSON", { accept: "application/json, text/html;q=0.5" }, problem],
    ["a client of problems", { accept: "application/problem+json" }, problem],
    ["curl", { accept: "*/*", "user-agent": "curl/8.5.0" }, problem],
    ["curl asking for HTML", { accept: "text/html", "user-agent": "curl/8.5.0" }, html],
    ["an XMLHttpRequest", { accept: "*/*", "x-requested-with": "XMLHttpRequest" }, problem],
    ["a page of another origin", { accept: "*/*", origin: "https://x" }, problem],
    ["a form of another origin", { accept: "*/*", ...form }, html, "POST"],
    ["a client that does not care", { accept: "*/*", "user-agent": "node" }, html],
  ])("for %s has its format", async (_, headers, expected, method = "GET") => {
    expect(await ords.call("/closed/x", { headers, method })).toMatchObject({ status: 401, headers: expected });
  });

  test("as a page shows nothing of the request unescaped", async () => {
    const response = await ords.call("/api/hello?limit=<script>", { headers: { accept: "text/html" } });
    expect(response.status).toBe(200);
    const failed = await ords.call("/default/all?limit=<script>", { headers: { accept: "text/html" } });
    expect(failed.status).toBe(400);
    expect(failed.text).not.toContain("<script>");
    expect(failed.text).toContain("&lt;script&gt;");
  });
});

describe("an object enabled for AutoREST", () => {
  const enable = (object: string, more: string) =>
    ords.run(`BEGIN ORDS.ENABLE_OBJECT(p_object => '${object}', ${more}); END;`);

  test("is listed below its alias, and the rest of it says that it is not supported", async () => {
    await enable("USER_ORDS_SCHEMAS", "p_object_type => 'VIEW', p_object_alias => 'schemas'");
    expect(await body("/schemas/")).toMatchObject({ status: 200, count: 1, items: [{ parsing_schema: "HR" }] });
    expect(await body("/schemas/?limit=1&offset=1")).toMatchObject({ status: 200, count: 0, hasMore: false });
    expect(await body("/schemas/1")).toMatchObject({ status: 501, cause: expect.stringContaining("AutoREST VIEW") });
    expect(await ords.call("/schemas/", { method: "PUT" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, POST" },
    });
    expect(await body("/schemas")).toMatchObject({ status: 404 });
    await enable("USER_ORDS_SCHEMAS", "p_enabled => FALSE, p_object_type => 'VIEW', p_object_alias => 'schemas'");
    expect(await body("/schemas/")).toMatchObject({ status: 404 });
  });

  test("with authentication is closed to who has not the privilege that came with it", async () => {
    await enable("USER_ORDS_MODULES", "p_object_type => 'VIEW', p_object_alias => 'mine', p_auto_rest_auth => TRUE");
    expect(await body("/mine/")).toMatchObject({ status: 401 });
    expect(await body("/mine/7")).toMatchObject({ status: 401 });
  });

  test("that is a procedure says that it is not supported", async () => {
    await enable("PAY", "p_object_type => 'PROCEDURE'");
    const { status, text } = await ords.call("/pay/", { method: "POST", body: "{}" });
    expect([status, JSON.parse(text).cause]).toEqual([501, expect.stringContaining("AutoREST PROCEDURE")]);
  });
});
