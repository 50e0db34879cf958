import oracledb from "oracledb";
import { cacheMetadata, readMetadata } from "../../ords/metadata";
import { audience, createKey, issuer, now, type Scenario, sign, startScenario } from "./support";

const source = "SELECT 1 AS one FROM dual";
let ords: Scenario | undefined;
afterEach(async () => {
  await ords?.close();
  ords = undefined;
});

test("is served from the cache until it is too old", async () => {
  const start = performance.now();
  const clock = jest.spyOn(performance, "now").mockReturnValue(start);
  try {
    ords = await startScenario({ metadataCacheMillis: 1000 });
    expect((await ords.call("/late/item")).status).toBe(404);
    await ords.module("late", "item", source);
    clock.mockReturnValue(start + 999);
    expect((await ords.call("/late/item")).status).toBe(404);
    clock.mockReturnValue(start + 1000);
    expect((await ords.call("/late/item")).status).toBe(200);
  } finally {
    clock.mockRestore();
  }
});

test("requests at the same time share one read, and a failed read is not kept", async () => {
  let reads = 0;
  const metadata = cacheMetadata(async () => {
    reads += 1;
    if (reads === 1) throw new Error("no database");
    return [];
  }, 10_000);
  expect(await Promise.allSettled([metadata(), metadata()])).toMatchObject([
    { status: "rejected" },
    { status: "rejected" },
  ]);
  expect(reads).toBe(1);
  expect(await Promise.all([metadata(), metadata()])).toEqual([[], []]);
  expect(reads).toBe(2);
});

test("is not served before it is committed", async () => {
  ords = await startScenario();
  await ords.run("BEGIN ORDS.DEFINE_MODULE('undone', 'undone/'); ORDS.DEFINE_TEMPLATE('undone', 't'); ROLLBACK; END;");
  expect((await ords.call("/undone/t")).status).toBe(404);
});

test("is read as of one moment", async () => {
  ords = await startScenario();
  const { privilege } = ords;
  const connection = await oracledb.getConnection(ords.connection);
  const execute = connection.execute.bind(connection) as (...args: unknown[]) => Promise<unknown>;
  let changed = false;
  jest.spyOn(connection, "execute").mockImplementation(async (...args: unknown[]) => {
    const result = await execute(...args);
    if (String(args[0]).includes("dba_ords_modules") && !changed) {
      changed = true;
      await privilege("meanwhile", { pattern: "/x" });
    }
    return result;
  });
  await privilege("before", { pattern: "/x" });
  const names = async () =>
    (await readMetadata(connection))[0]!.privileges
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("oracle."));
  expect(await names()).toEqual(["before"]);
  expect(changed).toBe(true);
  expect(await names()).toEqual(["before", "meanwhile"]);
  await connection.close();
});

test("of ORDS 24.4, which has no role claim, is enough", async () => {
  const key = createKey("key-1");
  ords = await startScenario({ ordsVersion: "24.4.0.r3451601" });
  ords.publish(key.jwk);
  await ords.module("a", "item", source);
  await ords.privilege("hr.read", { module: "a" });
  await ords.run("BEGIN ORDS_SECURITY.CREATE_JWT_PROFILE(:issuer, :audience, :jwk_url); END;", {
    issuer,
    audience,
    jwk_url: ords.jwkUrl,
  });
  const claims = { sub: "scott", iss: issuer, aud: audience, iat: now() - 1, exp: now() + 100, scope: "hr.read" };
  const token = sign({ alg: "RS256", kid: "key-1" }, claims, key);
  expect(await ords.call("/a/item", { token })).toMatchObject({ status: 200 });
  expect(await ords.call("/a/item")).toMatchObject({ status: 401 });
});

test("that cannot be read is answered with 503", async () => {
  ords = await startScenario({ ordsVersion: "24.3.0.r3121501" });
  const response = await ords.call("/a/item");
  expect(response.status).toBe(503);
  expect(JSON.parse(response.text).cause).toContain("ORA-00942");
});

test("without a database is answered with 503", async () => {
  ords = await startScenario({
    connection: { user: "ORDS_PUBLIC_USER", password: "-", connectString: "localhost:1/none" },
  });
  const response = await ords.call("/a/item");
  expect(response.status).toBe(503);
  expect(JSON.parse(response.text).cause).toContain("NJS-");
});

test("of a schema that ORDS_PUBLIC_USER may not connect to is answered with 503 when a handler runs", async () => {
  ords = await startScenario();
  await ords.run("BEGIN ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'locked'); END;", {}, "LOCKED");
  await ords.run(
    `BEGIN ORDS.DEFINE_MODULE('m', 'm/'); ORDS.DEFINE_TEMPLATE('m', 't'); ORDS.DEFINE_HANDLER(p_module_name => 'm',
       p_pattern => 't', p_method => 'GET', p_source_type => 'json/item', p_source => :source); END;`,
    { source },
    "LOCKED",
  );
  const response = await ords.call("/../locked/m/t");
  expect(response.status).toBe(503);
  expect(JSON.parse(response.text).cause).toContain("LOCKED");
});
