import { environment, environmentNames } from "../../environments";
import { dev } from "../../environments/dev";
import { ConfigurationError, type EnvironmentInput, parseEnvironment } from "../../environments/environment";

test.each(environmentNames)("environment %s is valid", (name) => {
  expect(environment(name).app.audience).toMatch(/\/$/);
});

test("an unknown environment is refused with the list of known ones", () => {
  expect(() => environment("staging")).toThrow(/unknown environment "staging": known are local, dev, prod/);
});

test("a name that every object has is no environment", () => {
  expect(() => environment("constructor")).toThrow(ConfigurationError);
});

function broken(change: (input: EnvironmentInput) => object): () => unknown {
  return () => parseEnvironment("dev", change(structuredClone(dev)));
}

const { app, database } = dev;
const [scope] = app.scopes;

test.each<[string, (input: EnvironmentInput) => object, RegExp]>([
  ["an unknown entry", (d) => ({ ...d, regoin: "x" }), /Unrecognized key: "regoin"/],
  ["no region", (d) => ({ ...d, region: undefined }), /region: /],
  ["a compartment that is no OCID", (d) => ({ ...d, compartmentOcid: "dev" }), /compartmentOcid: must be an OCID/],
  ["an unknown license", (d) => ({ ...d, domain: { ...d.domain, licenseType: "gold" } }), /domain.licenseType: /],
  ["a work email that is none", (d) => ({ ...d, user: { ...d.user, workEmail: "alice" } }), /user.workEmail: /],
  [
    "an audience without slash",
    (d) => ({ ...d, app: { ...app, audience: "https://x" } }),
    /app.audience: must end in \//,
  ],
  ["no scope", (d) => ({ ...d, app: { ...app, scopes: [] } }), /app.scopes: needs at least one scope/],
  ["an unknown grant", (d) => ({ ...d, app: { ...app, grants: ["password"] } }), /app.grants.0: /],
  ["no grant", (d) => ({ ...d, app: { ...app, grants: [] } }), /app.grants: needs at least one grant/],
  ["a redirect URL that is none", (d) => ({ ...d, app: { ...app, redirectUris: ["x"] } }), /app.redirectUris.0: /],
  ["a skew of zero", (d) => ({ ...d, jwtProfile: { allowedSkewSeconds: 0 } }), /jwtProfile.allowedSkewSeconds: /],
  ["a skew over 60", (d) => ({ ...d, jwtProfile: { allowedSkewSeconds: 61 } }), /jwtProfile.allowedSkewSeconds: /],
  ["an age of zero", (d) => ({ ...d, jwtProfile: { allowedAgeSeconds: 0 } }), /jwtProfile.allowedAgeSeconds: /],
  [
    "a connection without user",
    (d) => ({ ...d, database: { ...database, connection: {} } }),
    /needs user and connectString/,
  ],
  [
    "a scope without value",
    (d) => ({ ...d, app: { ...app, scopes: [{ ...scope, value: "" }] } }),
    /app.scopes.0.value: must not be empty/,
  ],
])("%s is refused", (_what, change, message) => {
  expect(broken(change)).toThrow(ConfigurationError);
  expect(broken(change)).toThrow(message);
});

test("every wrong entry is named at once", () => {
  expect(broken((d) => ({ ...d, region: "", database: {} }))).toThrow(/region[\s\S]*database/);
});
