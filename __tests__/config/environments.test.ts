import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import oracledb from "oracledb";
import { ConfigurationError } from "../../config/configuration-error";
import { connectionAttributes, tokenAttributes } from "../../config/connection-attributes";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { environmentNames } from "../../config/environment-names";
import { environment, refused } from "../../config/environments";
import { sharedBetween } from "../../config/shared";
import dev from "../../environments/dev";

test.each(environmentNames())("environment %s is valid", (name) => {
  expect(environment(name).app.audience).toMatch(/\/$/);
});

test("an unknown environment is refused with the list of known ones", () => {
  expect(() => environment("staging")).toThrow(/unknown environment "staging": known are dev, local, prod/);
});

test("a name that every object has is no environment", () => {
  expect(() => environment("constructor")).toThrow(ConfigurationError);
});

function broken(change: (input: EnvironmentInput) => object): () => unknown {
  return () => parseEnvironment("dev", change(structuredClone(dev)));
}

const { app, database } = dev;
const [scope] = app.scopes;
const alice = dev.users?.alice;

test.each<[string, (input: EnvironmentInput) => object, RegExp]>([
  ["an unknown entry", (d) => ({ ...d, regoin: "x" }), /unknown entry "regoin" \(did you mean "region"\?\)/],
  [
    "an unknown entry of the app",
    (d) => ({ ...d, app: { ...app, audienc: "x" } }),
    /app: unknown entry "audienc" \(did you mean "audience"\?\)/,
  ],
  [
    "an unknown entry of a scope",
    (d) => ({ ...d, app: { ...app, scopes: [{ ...scope, module: [] }] } }),
    /"module" \(did you mean "modules"\?\)/,
  ],
  [
    "an unknown entry of a user",
    (d) => ({ ...d, users: { a: { ...alice, username: "x" } } }),
    /users.a: unknown entry "username" \(did you mean "userName"\?\)/,
  ],
  ["no region", (d) => ({ ...d, region: undefined }), /region: /],
  ["no domain", (d) => ({ ...d, domain: undefined }), /dev: needs either domain or existingDomain/],
  [
    "two domains",
    (d) => ({ ...d, existingDomain: { domainOcid: "ocid1.domain.x" } }),
    /needs either domain or existingDomain/,
  ],
  [
    "an existing domain without a name",
    (d) => ({ ...d, domain: undefined, existingDomain: {} }),
    /needs either domainOcid or domainUrl/,
  ],
  [
    "an existing domain that is no URL",
    (d) => ({ ...d, domain: undefined, existingDomain: { domainUrl: "x" } }),
    /https URL/,
  ],
  ["an existing domain by http", (d) => ({ ...d, existingDomain: { domainUrl: "http://x" } }), /must be an https URL/],
  [
    "a compartment that is no OCID",
    (d) => ({ ...d, domain: { ...d.domain, compartmentOcid: "dev" } }),
    /domain.compartmentOcid: must be an OCID/,
  ],
  ["an unknown license", (d) => ({ ...d, domain: { ...d.domain, licenseType: "gold" } }), /domain.licenseType: /],
  [
    "half an admin contact",
    (d) => ({ ...d, domain: { ...d.domain, adminContact: { userName: "x" } } }),
    /adminContact.email[\s\S]*adminContact.lastName/,
  ],
  [
    "a work email that is none",
    (d) => ({ ...d, users: { a: { ...alice, workEmail: "alice" } } }),
    /users.a.workEmail: /,
  ],
  ["an unknown grant", (d) => ({ ...d, app: { ...app, grants: ["password"] } }), /app.grants.0: /],
  ["a skew of zero", (d) => ({ ...d, jwtProfile: { allowedSkewSeconds: 0 } }), /jwtProfile.allowedSkewSeconds: /],
  ["a skew over 60", (d) => ({ ...d, jwtProfile: { allowedSkewSeconds: 61 } }), /jwtProfile.allowedSkewSeconds: /],
  ["an age of zero", (d) => ({ ...d, jwtProfile: { allowedAgeSeconds: 0 } }), /jwtProfile.allowedAgeSeconds: /],
  ["a role claim that is no pointer", (d) => ({ ...d, jwtProfile: { roleClaim: "groups" } }), /must be a JSON Pointer/],
  [
    "a connection without user",
    (d) => ({ ...d, database: { ...database, connection: {} } }),
    /needs connectString, and user or externalAuth/,
  ],
  [
    "a scope without value",
    (d) => ({ ...d, app: { ...app, scopes: [{ ...scope, value: "" }] } }),
    /app.scopes.0.value: must not be empty/,
  ],
  [
    "an unknown entry that is like none",
    (d) => ({ ...d, nonsense: 1 }),
    /unknown entry "nonsense" \(known are region, /,
  ],
  [
    "a password for a variable's name",
    (d) => ({ ...d, database: { ...database, passwordVariable: "Geheim-1!" } }),
    /passwordVariable: must be the name of an environment variable: letters/,
  ],
  [
    "a domain URL with a path",
    (d) => ({ ...d, domain: undefined, existingDomain: { domainUrl: "https://x:443/ui/v1/signin" } }),
    /must be the domain's own URL without a path/,
  ],
])("%s is refused", (_what, change, message) => {
  expect(broken(change)).toThrow(ConfigurationError);
  expect(broken(change)).toThrow(message);
});

test.each([
  "password",
  "walletContent",
  "accessToken",
  "tokenAuthConfigOci.clientSecret",
  "tokenAuthConfigOci.passphrase",
  "tokenAuthConfigOci.private_key",
  "poolOptions.0.newPassword",
])("a secret in the connection is refused by its path and not repeated: %s", (path) => {
  const hidden = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), "s3cr3t") as object;
  const parse = broken((d) => ({ ...d, database: { ...database, connection: { ...database.connection, ...hidden } } }));
  expect(parse).toThrow(`database.connection.${path}: must not hold a secret`);
  expect(parse).not.toThrow(/s3cr3t/);
});

const connectionOf = (attributes: object) =>
  broken((d) => ({ ...d, database: { ...database, connection: { ...database.connection, ...attributes } } }));

test.each<[string, object]>([
  ["connectString", { connectString: "hello/s3cr3t@adb.example.com:1521/service" }],
  ["connectString", { connectString: 'hello/"s3cr3t"@//adb.example.com/service' }],
  ["connectString", { connectString: "/s3cr3t@alias" }],
  ["connectString", { connectString: "tcps://hello:s3cr3t@adb.example.com:1522/service" }],
  ["connectString", { connectString: "jdbc:oracle:thin:hello/s3cr3t@adb.example.com:1521/service" }],
  ["connectString", { connectString: "tcps://adb.example.com/service?wallet_password=s3cr3t" }],
  ["connectString", { connectString: 'tcps://adb.example.com/service?retry_count=1&"Wallet_Password" = s3cr3t' }],
  ["connectString", { connectString: "tcps://adb.example.com/service?oracle.net.wallet_password=s3cr3t" }],
  ["connectString", { connectString: "tcps://adb.example.com/service?https_proxy=me:s3cr3t@proxy" }],
  ["connectString", { connectString: "config-azure://store?azure_client_secret=s3cr3t" }],
  [
    "connectString",
    { connectString: "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=h)(PORT=1))(SECURITY=(WALLET_PASSWORD=s3cr3t)))" },
  ],
  ["user", { user: "HELLO/s3cr3t" }],
  ["user", { user: "deployer[HELLO]/s3cr3t@host" }],
  ["httpsProxy", { httpsProxy: "me:s3cr3t@proxy.example.com" }],
  ["httpsProxy", { httpsProxy: "http://me:s3cr3t@proxy.example.com:3128" }],
  ["walletLocation", { walletLocation: "-----BEGIN PRIVATE KEY-----\ns3cr3t" }],
  ["tokenAuthConfigOci.authority", { tokenAuthConfigOci: { authority: "https://id:s3cr3t@idcs.example.com" } }],
])("a secret inside %s is refused and not repeated: %j", (path, attributes) => {
  const parse = connectionOf(attributes);
  expect(parse).toThrow(`database.connection.${path}: must not hold a secret (`);
  expect(parse).not.toThrow(/s3cr3t/);
});

test.each<[object]>([
  [{ connectString: "tcps://adb.example.com:1522/service.adb.example.com?retry_count=20&retry_delay=3" }],
  [{ connectString: "tcps://adb.example.com/service?wallet_location=/home/me@work/wallet&token_location=/t" }],
  [{ connectString: "(description=(address=(protocol=tcps)(port=1522)(host=h))(security=(token_auth=oci_token)))" }],
  [{ connectString: 'tcps://h/service?ssl_server_cert_dn="CN=h,EMAIL=dba@example.com"' }],
  [{ user: '"A/B"' }],
  [{ user: "deployer[HELLO]", httpsProxy: "proxy.example.com", httpsProxyPort: 3128 }],
  [{ walletLocation: "C:\\wallets\\me@work" }],
])("no secret is seen where none is: %j", (attributes) => {
  expect(connectionOf(attributes)).not.toThrow();
});

test.each<[string, object, RegExp]>([
  [
    "of the connection",
    { walletLocaton: "/w" },
    /connection: unknown entry "walletLocaton" \(did you mean "walletLocation"\?\)/,
  ],
  ["with another case", { configdir: "/w" }, /unknown entry "configdir" \(did you mean "configDir"\?\)/],
  ["that is an alias", { connectionString: "x" }, /"connectionString" \(did you mean "connectString"\?\)/],
  ["that is like none", { poolAlias: "x" }, /unknown entry "poolAlias" \(known are user, connectString, /],
  ["of another driver", { tokenAuthConfigAzure: {} }, /unknown entry "tokenAuthConfigAzure"/],
  [
    "of the token",
    { tokenAuthConfigOci: { authType: "instancePrincipal", profil: "X" } },
    /connection.tokenAuthConfigOci: unknown entry "profil" \(did you mean "profile"\?\)/,
  ],
])("an attribute %s that the driver does not know is refused", (_what, attributes, message) => {
  expect(connectionOf(attributes)).toThrow(message);
});

test("the known attributes are those that the driver reads", async () => {
  const read = new Set<string>();
  const watched = new Proxy<oracledb.ConnectionAttributes>(
    {},
    {
      get(_attributes, name) {
        read.add(String(name));
        return undefined;
      },
    },
  );
  await expect(oracledb.getConnection(watched)).rejects.toThrow(/NJS-125/);
  const secrets = ["password", "newPassword", "walletPassword", "walletContent", "accessToken"];
  const others = ["username", "connectionString", "poolAlias", "_securityContextProvider", "then"];
  for (const name of [...secrets, ...others]) expect(read).toContain(name);
  const mayBeSaid = [...read].filter((name) => ![...secrets, ...others].includes(name));
  expect([...mayBeSaid, "tokenAuthConfigOci"].sort()).toEqual([...connectionAttributes].sort());
});

test("the known attributes of a token are those that the driver's plugin reads", () => {
  const plugin = readFileSync(require.resolve("oracledb/plugins/token/extensionOci"), "utf8");
  expect(plugin).toContain("options.tokenAuthConfigOci");
  const read = [...plugin.matchAll(/\b(?:accessTokenConfig|config|params)\??\.(\w+)/g)].map(([, name = ""]) => name);
  const inTheFile = [...new Set(read)].filter(
    (name) => !["passphrase", "clientSecret", "set", "toString"].includes(name),
  );
  expect(inTheFile.sort()).toEqual([...tokenAttributes].sort());
});

test.each<[string, (d: EnvironmentInput) => object]>([
  ["apiUrl", (d) => ({ ...d, apiUrl: "https://me:s3cr3t@host/ords/x/" })],
  [
    "existingDomain.domainUrl",
    (d) => ({ ...d, domain: undefined, existingDomain: { domainUrl: "https://me:s3cr3t@host" } }),
  ],
])("user and password in %s are refused and not repeated", (path, change) => {
  expect(broken(change)).toThrow(`${path}: must`);
  expect(broken(change)).not.toThrow(/s3cr3t/);
});

test("where a secret is may be said", () => {
  const tokenAuthConfigOci = { authType: "simpleAuthentication", privateKeyLocation: "/keys/api.pem" };
  const connection = { ...database.connection, tokenAuthConfigOci };
  expect(broken((d) => ({ ...d, database: { ...database, connection } }))).not.toThrow();
});

test("every wrong entry is named at once", () => {
  expect(broken((d) => ({ ...d, region: "", database: {} }))).toThrow(/region[\s\S]*database/);
});

test("a password that stands where a variable's name belongs is not shown", () => {
  const wrong = { ...dev, database: { ...database, passwordVariable: "Geheim-1!" } };
  expect(() => parseEnvironment("dev", wrong)).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("Geheim") }),
  );
});

test("what is missing is said to be missing", () => {
  expect(() => parseEnvironment("dev", { ...dev, region: undefined })).toThrow(/region: is missing/);
});

test("a file that exports no environment is named, with what it must export", () => {
  expect(() => parseEnvironment("acme", undefined)).toThrow(
    /environments\/acme.ts exports no environment: export it by default, or under the name acme/,
  );
});

describe("two environments", () => {
  const named = (name: string, change: Partial<EnvironmentInput>) => ({
    name,
    environment: parseEnvironment(name, { ...dev, ...change }),
  });
  const apart: Partial<EnvironmentInput> = {
    domain: { compartmentOcid: "ocid1.compartment.oc1..x", displayName: "another" },
    database: { ...database, schema: "ANOTHER" },
  };
  const s3 = { type: "s3", attributes: { bucket: "b", key: "k" } };
  const connection = (connectString: string) => ({ ...database, connection: { user: "HELLO", connectString } });

  test("that share nothing are apart, whatever apps of theirs are called", () => {
    expect(sharedBetween(named("a", {}), named("b", apart))).toEqual([]);
  });

  test.each<[string, Partial<EnvironmentInput>, Partial<EnvironmentInput>, string]>([
    [
      "a state",
      { backend: s3 },
      { ...apart, backend: { ...s3, attributes: { ...s3.attributes, region: "r" } } },
      "the same Terraform state (backend)",
    ],
    [
      "a local state",
      {},
      { ...apart, backend: { type: "local", attributes: { path: "../../../state/a.tfstate" } } },
      "the same Terraform state (backend)",
    ],
    ["a schema", {}, { domain: apart.domain }, "the JWT profile of schema HELLO (database)"],
    [
      "a schema by two services of one database",
      { database: connection("tcps://h:1522/x_low.adb.oraclecloud.com?a=b") },
      { domain: apart.domain, database: connection("H:1522/x_high.adb.oraclecloud.com") },
      "the JWT profile of schema HELLO (database)",
    ],
    [
      "a domain that both make",
      {},
      { database: apart.database, app: { ...app, displayName: "other" }, developerClient: undefined },
      'the identity domain "ords-dev" (domain)',
    ],
    [
      "an app name in a domain that exists",
      { domain: undefined, existingDomain: { domainOcid: "ocid1.domain.x" }, developerClient: undefined },
      {
        domain: undefined,
        existingDomain: { domainOcid: "ocid1.domain.x" },
        database: apart.database,
        developerClient: undefined,
      },
      'the app name "hello-api-dev" in one identity domain (displayName)',
    ],
  ])("that share %s are found", (_what, a, b, shared) => {
    expect(sharedBetween(named("a", a), named("b", b))[0]).toBe(shared);
  });
});

describe("in a project", () => {
  let before: string;
  beforeAll(() => {
    before = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "my environments (1)-"));
    mkdirSync(join(folder, "environments"));
    const copy = (name: string, text: string) => writeFileSync(join(folder, `environments/${name}.ts`), text);
    const text = JSON.stringify(dev);
    copy("one", `export default ${text};`);
    copy("two", `export default ${text};`);
    copy("thrown", `export default ${text};\nthrow new Error("lost");`);
    copy("syntax", "export default {\n  region: 1,,\n};");
    copy("ends", "const wanted = process.env.NOT_SET;\nif (!wanted) process.exit(1);\nexport default {};");
    copy("helped", 'import "../helper";\nexport default {};');
    writeFileSync(join(folder, "helper.ts"), '\n\nthrow new Error("lost");');
    copy("nothing", 'throw "lost";');
    copy("getter", 'export default {\n  get region() {\n    throw new Error("lost");\n  },\n};');
    copy(
      "form",
      `const defineEnvironment = (given: object) => given;

/* region: "" */
const text = \`{ region: $\{"}"} \`;
export default defineEnvironment({
  // region: "eu-frankfurt-1",
  regoin: "eu" + text,
  "domain": { compartmentOcid: "dev", displayName: "{" },
  app: {
    grants: ["client_credentials", "password"],
    scopes: [{ value: "a", displayName: "b" }, { ...({} as object),
      value: "" }],
  } as never,
});
`,
    );
    copy(
      "open",
      `const dev = ${text.replace('"eu-frankfurt-1"', "5")};\nexport default {\n  ...dev,\n  protected: 1,\n};`,
    );
    copy(
      "placeholder",
      `export default ${text.replace("{", "{\n").replace("ocid1.compartment.oc1..dev", "ocid1.compartment.oc1..REPLACE-ME")};`,
    );
    const rules = JSON.stringify(dev, null, 2).replaceAll("HELLO", "RULES").replaceAll("ords-dev", "rules");
    copy("rules", `export default ${rules};`);
    process.chdir(folder);
  });
  afterAll(() => {
    const folder = process.cwd();
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test("two that share something are refused by name, and faults of others are in nobody's way", () => {
    expect(() => environment("one")).toThrow(/environments one and two would share the JWT profile of schema HELLO/);
    expect(() => environment("one")).toThrow(ConfigurationError);
  });

  test.each([
    ["thrown", "environments/thrown.ts:"],
    ["syntax", "environments/syntax.ts:"],
    ["ends", "environments/ends.ts:"],
    ["getter", "environments/getter.ts:"],
    ["helped", "helper.ts:"],
  ])("an error in a file is named with file and line: %s", (name, place) => {
    expect(() => environment(name)).toThrow(
      new RegExp(`environments/${name}.ts cannot be loaded: ${place}\\d+:\\d+: `),
    );
    expect(() => environment(name)).toThrow(ConfigurationError);
  });

  test("what is thrown and is no error is an error too", () => {
    expect(() => environment("nothing")).toThrow("environments/nothing.ts cannot be loaded: it throws lost");
  });

  test("entries that are wrong are named with their lines; what is missing, with that of what should hold it", () => {
    expect(() => environment("form")).toThrow(
      new RegExp(
        [
          "environments/form.ts is not valid:",
          "  line 5: region: is missing",
          "  line 8: domain.compartmentOcid: must be an OCID",
          "  line 9: app.displayName: is missing",
          "[^]*  line 10: app.grants.1: ",
          "[^]*  line 12: app.scopes.1.value: must not be empty",
          '[^]*  line 7: form: unknown entry "regoin"',
        ].join(".*\n"),
      ),
    );
  });

  test("no line is named that the text does not tell", () => {
    expect(() => environment("open")).toThrow(/is not valid:\n {2}region: .*\n {2}line 4: protected: /);
  });

  test("a placeholder that is left is refused, with its line", () => {
    expect(() => environment("placeholder")).toThrow(
      'environments/placeholder.ts is not valid:\n  line 2: domain.compartmentOcid: replace REPLACE-ME (is "ocid1.compartment.oc1..REPLACE-ME")',
    );
  });

  test.each([
    ['app.grantedTo names "x", which', /^ {2}line (\d+): app.grantedTo names/m, '"grantedTo"'],
    ['stack x cannot:\n  audience "https://hello.dev.example.com/" is', /^ {4}line (\d+): audience/m, '"audience"'],
  ])("a rule that is broken is named with the line of what it names: %s", (message, found, text) => {
    const [, line] = found.exec(refused("rules", message)) ?? [];
    expect(readFileSync("environments/rules.ts", "utf8").split("\n")[Number(line) - 1]).toContain(text);
  });

  test("what a rule says of nothing that stands once in the file has no line", () => {
    const message = '"alice" has two of them';
    expect(refused("rules", message)).toBe(`environments/rules.ts is not valid:\n  ${message}`);
  });
});
