import { ownerProblem, ownersFirst } from "../../config/domain-owners";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { sharedBetween } from "../../config/shared";
import dev from "../../environments/dev";

const { domain: _domain, users: _users, groups: _groups, ...rest } = dev;

/** An environment with an app, a schema and a state of its own. */
const own = (name: string, entries: Partial<EnvironmentInput> = {}): EnvironmentInput => ({
  ...rest,
  ...(!entries.existingDomain && { domain: { compartmentOcid: "ocid1.compartment.oc1..x", displayName: name } }),
  app: { ...dev.app, displayName: `api-${name}`, grantedTo: [] },
  database: { ...dev.database, schema: name.toUpperCase() },
  ...entries,
});
const sharing = (name: string, environment: string) => own(name, { existingDomain: { environment } });

const parsed = (inputs: Record<string, EnvironmentInput>) =>
  Object.entries(inputs).map(([name, input]) => [name, parseEnvironment(name, input)] as const);

function problems(inputs: Record<string, EnvironmentInput>): string {
  const environments = new Map(parsed(inputs));
  const names = [...environments.keys()];
  return names.map((name) => ownerProblem(name, (other) => environments.get(other), names) ?? "").join("\n");
}

function shared(inputs: Record<string, EnvironmentInput>): string[] {
  const environments = parsed(inputs).map(([name, environment]) => ({ name, environment }));
  return environments.flatMap((a, index) => environments.slice(index + 1).flatMap((b) => sharedBetween(a, b)));
}

test("who makes a domain comes before those who share it, and otherwise all stay in their order", () => {
  const inputs = { a: sharing("a", "z"), b: own("b"), c: sharing("c", "b"), z: own("z") };
  expect(ownersFirst(parsed(inputs)).map(([name]) => name)).toEqual(["b", "z", "a", "c"]);
  expect(problems(inputs).trim()).toBe("");
});

test.each<[string, Record<string, EnvironmentInput>, RegExp]>([
  [
    "an unknown environment",
    { dev: own("dev"), a: sharing("a", "dve") },
    /environments\/a\.ts: existingDomain\.environment names "dve", which is unknown \(did you mean "dev"\?\)/,
  ],
  ["itself", { a: sharing("a", "a") }, /a\.ts.* none of the circle a -> a makes a domain/],
  [
    "a circle",
    { a: sharing("a", "b"), b: sharing("b", "c"), c: sharing("c", "a") },
    /a\.ts.* circle a -> b -> c -> a [\s\S]*b\.ts.* circle b -> c -> a -> b /,
  ],
  [
    "one that shares a domain itself",
    { dev: own("dev"), a: sharing("a", "dev"), b: sharing("b", "a") },
    /b\.ts.*names "a", which makes no domain but uses one: give environment: "dev"/,
  ],
  [
    "one that leads into a circle of others",
    { a: sharing("a", "b"), b: sharing("b", "b") },
    /a\.ts.*names "b", which makes no domain but uses one: give environment: "b"/,
  ],
  [
    "one whose domain existed before",
    { dev: own("dev", { existingDomain: { domainOcid: "ocid1.domain.oc1..x" } }), a: sharing("a", "dev") },
    /which makes no domain but uses one: give domainOcid: "ocid1\.domain\.oc1\.\.x"/,
  ],
])("the domain of %s cannot be shared", (_what, inputs, message) => {
  expect(problems(inputs)).toMatch(message);
});

const connectedTo = (connectString: string, more = {}): Partial<EnvironmentInput> => ({
  database: { ...dev.database, schema: "HELLO", connection: { user: "HELLO", connectString, ...more } },
});
const sameDatabase: [string, string][] = [
  ["db.example.com/orders", "db.example.com:1521/orders"],
  ["db.example.com:1522/orders", "TCPS://DB.example.com:1522/orders?wallet_location=/w"],
  [
    "//db:1521/orders:dedicated/orders1",
    "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=db)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=orders)))",
  ],
  ["prod_low", "prod_high"],
  ["tcps://adb:1522/x_prod_low.adb.oraclecloud.com", "tcps://adb:1522/x_prod_tpurgent.adb.oraclecloud.com"],
];

test.each(sameDatabase)("one schema of one database is of one environment: %s and %s", (a, b) => {
  expect(shared({ a: own("a", connectedTo(a)), b: own("b", connectedTo(b)) })).toEqual([
    "the JWT profile of schema HELLO (database)",
  ]);
});

test("the same schema of other databases is another one, and an alias is what its folder says", () => {
  const inputs = {
    a: own("a", connectedTo("db/orders")),
    b: own("b", connectedTo("db/billing")),
    c: own("c", connectedTo("db:1522/orders")),
    d: own("d", connectedTo("prod_low", { configDir: "wallet/one" })),
    e: own("e", connectedTo("prod_low", { configDir: "wallet/two" })),
  };
  expect(shared(inputs)).toEqual([]);
});

const keptIn = (type: string, attributes: Record<string, unknown>) => ({ backend: { type, attributes } });

test.each<[string, Partial<EnvironmentInput>, Partial<EnvironmentInput>]>([
  ["a file", keptIn("local", { path: "/states/x" }), keptIn("local", { path: "/states/./x" })],
  ["the file of another by default", keptIn("local", { path: "../../../state/b.tfstate" }), {}],
  ["a key", keptIn("s3", { bucket: "b", key: "k" }), keptIn("s3", { key: "k", bucket: "b", encrypt: true })],
  [
    "a default",
    keptIn("oci", { bucket: "b", namespace: "n" }),
    keptIn("oci", { bucket: "b", namespace: "n", auth: "APIKey" }),
  ],
  ["what is the same in all", keptIn("special", { x: 1, y: 2 }), keptIn("special", { y: 2, x: 1 })],
])("one state is of one environment: %s", (_what, a, b) => {
  expect(shared({ a: own("a", a), b: own("b", b) })).toEqual(["the same Terraform state (backend)"]);
});

test("states under other keys are others", () => {
  const at = (key: string) => keptIn("s3", { bucket: "b", key });
  expect(shared({ a: own("a", at("a")), b: own("b", at("b")), c: own("c") })).toEqual([]);
});

const named = (displayName: string) => ({ app: { ...dev.app, displayName, grantedTo: [] } });

test("in one domain an app's name is of one environment, whatever the app is for", () => {
  const clash = (a: Partial<EnvironmentInput>) =>
    shared({ dev: own("dev", named("hello")), a: { ...sharing("a", "dev"), ...a } });
  expect(clash(named("hello"))).toContain('the app name "hello" in one identity domain (displayName)');
  const client = { displayName: "hello developers", grants: ["client_credentials" as const], scopes: ["hello.read"] };
  expect(clash({ clients: { x: client } })).toEqual([
    'the app name "hello developers" in one identity domain (displayName)',
  ]);
  expect(shared({ a: sharing("a", "dev"), b: { ...sharing("b", "dev"), ...named("api-a") } })).toHaveLength(2);
  // Each domain has its own.
  expect(shared({ dev: own("dev", named("hello")), b: own("b", named("hello")) })).toEqual([]);
});

test("a domain that existed is one domain however its URL is written", () => {
  const inDomain = (domainUrl: string) => ({ ...named("hello"), existingDomain: { domainUrl } });
  const [a, b] = [own("a", inDomain("https://idcs-1:443")), own("b", inDomain("https://idcs-1/"))];
  expect(shared({ a, b })).toContain('the app name "hello" in one identity domain (displayName)');
});
