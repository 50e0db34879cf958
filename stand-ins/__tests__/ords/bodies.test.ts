import { audience, createKey, issuer, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

let ords: Scenario;
beforeAll(async () => {
  ords = await startScenario();
  const echo = "SELECT :id AS id, :name AS name, :amount AS amount, :list AS list FROM dual";
  await ords.module("echo", "of/:id", echo, { method: "POST" });
  const raw = "SELECT :body_text AS text, :content_type AS type, :name AS name FROM dual";
  await ords.module("raw", "text", raw, { method: "POST" });
  const role = `BEGIN
    ORDS.CREATE_ROLE(p_role_name => :name);
    IF :name = 'wrong' THEN RAISE_APPLICATION_ERROR(-20001, 'no such role'); END IF;
    :status_code := 201;
  END;`;
  await ords.module("roles", "all", role, { method: "POST", sourceType: "plsql/block" });
  await ords.module("quiet", "block", "BEGIN NULL; END;", { method: "DELETE", sourceType: "plsql/block" });
  await ords.module("status", "block", "BEGIN :status_code := :wanted; END;", {
    method: "PUT",
    sourceType: "plsql/block",
  });
  const count = "SELECT COUNT(*) AS n FROM user_ords_roles WHERE name = :name";
  await ords.module("count", "roles", count);
});
afterAll(() => ords.close());

const json = { "content-type": "application/json" };

async function post(target: string, body: string, headers: Record<string, string> = json) {
  const { status, text } = await ords.call(target, { method: "POST", headers, body });
  return { status, ...(text.startsWith("{") && JSON.parse(text)) };
}

const roles = async (name: string) => JSON.parse((await ords.call(`/count/roles?name=${name}`)).text).n;

describe("the members of a JSON body", () => {
  test("become binds: path first, then body, then query; what is no text or number as JSON", async () => {
    const body = { id: "body", NAME: "Ann", amount: 1.5, list: [1, { a: true }], more: "unused" };
    expect(await post("/echo/of/7?name=query&amount=9", JSON.stringify(body))).toEqual({
      status: 200,
      id: "7",
      name: "Ann",
      amount: 1.5,
      list: '[1,{"a":true}]',
    });
  });

  test("that are missing leave the query, then NULL", async () => {
    const nothing = { status: 200, id: "7", name: null, amount: null, list: null };
    expect(await post("/echo/of/7?name=query", "{}")).toEqual({ ...nothing, name: "query" });
    expect(await post("/echo/of/7", "")).toEqual(nothing);
    expect(await post("/echo/of/7", "[1]")).toEqual(nothing);
    expect(await post("/echo/of/7", '{"name":"x"}', { "content-type": "text/plain" })).toEqual(nothing);
  });

  test("cannot be read from what is not JSON", async () => {
    expect(await post("/echo/of/7", "{")).toMatchObject({ status: 400, code: "BadRequest" });
  });

  test("are bound, not pasted, and cannot be the user", async () => {
    await ords.module("who", "am-i", "SELECT :current_user AS name, :x AS x FROM dual", { method: "POST" });
    const body = JSON.stringify({ current_user: "king", x: "' || user || '" });
    expect(await post("/who/am-i", body)).toEqual({ status: 200, name: null, x: "' || user || '" });
  });
});

test("the fields of a form become binds", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  expect(await post("/echo/of/7", "name=A%20b&amount=2", form)).toMatchObject({ name: "A b", amount: "2" });
});

test("a handler can have the whole body, which then is not taken apart", async () => {
  expect(await post("/raw/text", '{"name":"Ann"}')).toEqual({
    status: 200,
    text: '{"name":"Ann"}',
    type: "application/json",
    name: null,
  });
});

test("a body of more than a megabyte is too large", async () => {
  expect((await post("/echo/of/7", `{"name":"${"x".repeat(1024 * 1024)}"}`)).status).toBe(413);
});

describe("a block", () => {
  test("runs, commits, and sets the status", async () => {
    expect(await post("/roles/all", '{"name":"made"}')).toEqual({ status: 201 });
    expect(await roles("made")).toBe(1);
    expect((await ords.call("/quiet/block", { method: "DELETE" })).status).toBe(200);
  });

  test("that fails changes nothing", async () => {
    expect(await post("/roles/all", '{"name":"wrong"}')).toMatchObject({ status: 555, "o:errorCode": "ORDS-25001" });
    expect(await roles("wrong")).toBe(0);
  });

  test.each([99, 600, 200.5, null])("that sets the status %j fails", async (wanted) => {
    const body = JSON.stringify({ wanted });
    const { status } = await ords.call("/status/block", { method: "PUT", headers: json, body });
    expect(status).toBe(wanted === null ? 200 : 555);
  });

  test("that is protected does not run without a token", async () => {
    const key = createKey("key-1");
    ords.publish(key.jwk);
    await ords.profile();
    await ords.privilege("roles.write", { module: "roles" });
    expect(await post("/roles/all", '{"name":"stolen"}')).toMatchObject({ status: 401 });
    expect(await roles("stolen")).toBe(0);
    const claims = {
      sub: "scott",
      iss: issuer,
      aud: audience,
      iat: now() - 10,
      exp: now() + 100,
      scope: "roles.write",
    };
    const authorization = `Bearer ${sign({ alg: "RS256", kid: "key-1" }, claims, key)}`;
    expect(await post("/roles/all", '{"name":"given"}', { ...json, authorization })).toEqual({ status: 201 });
    expect(await roles("given")).toBe(1);
  });
});

describe("declared parameters", () => {
  const parameter = (module: string, template: string, method: string, declaration: string) =>
    ords.run(`BEGIN ORDS.DEFINE_PARAMETER('${module}', '${template}', '${method}', ${declaration}); END;`);

  test("come from headers and the query, under the names that they are bound by", async () => {
    await ords.module("declared", "of/:id", "SELECT :id AS id, :agent AS agent, :size AS n, :plain AS plain FROM dual");
    await parameter("declared", "of/:id", "GET", "'X-Agent', 'agent'");
    await parameter(
      "declared",
      "of/:id",
      "GET",
      "'page_length', 'size', p_source_type => 'URI', p_param_type => 'INT'",
    );
    const get = async (query: string, headers = {}) => {
      const { status, text } = await ords.call(`/declared/of/7${query}`, { headers });
      return { status, ...JSON.parse(text) };
    };
    expect(await get("?page_length=20&plain=x", { "x-agent": "curl" })).toEqual({
      ...{ status: 200, id: "7", agent: "curl", n: 20, plain: "x" },
    });
    expect(await get("?agent=query&size=3")).toMatchObject({ agent: null, n: null });
    expect(await get("?page_length=many")).toMatchObject({ status: 400 });
  });

  test("carry what a block gives back, in the body and in headers", async () => {
    const source = "BEGIN :greeting := 'Hello ' || :name; :total := 2; :place := '/here'; :code := 202; END;";
    await ords.module("answer", "block", source, { method: "POST", sourceType: "plsql/block" });
    const out = (name: string, bind: string, more: string) =>
      parameter("answer", "block", "POST", `'${name}', '${bind}', p_access_method => 'OUT', ${more}`);
    await out("greeting", "greeting", "p_source_type => 'RESPONSE'");
    await out("total", "total", "p_source_type => 'RESPONSE', p_param_type => 'INT'");
    await out("X-Place", "place", "p_source_type => 'HEADER'");
    await out("X-ORDS-STATUS-CODE", "code", "p_source_type => 'HEADER', p_param_type => 'INT'");
    const { status, headers, text } = await ords.call("/answer/block", {
      method: "POST",
      headers: json,
      body: '{"name":"Ann","greeting":"mine"}',
    });
    expect([status, headers["x-place"], JSON.parse(text)]).toEqual([202, "/here", { greeting: "Hello Ann", total: 2 }]);
  });
});
