import { ConfigurationError, type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { environmentNames } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { dev } from "../../environments/dev";

test.each(environmentNames)("environment %s is valid", (name) => {
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
  ["a role claim that is no pointer", (d) => ({ ...d, jwtProfile: { roleClaim: "groups" } }), /must be a JSON pointer/],
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
