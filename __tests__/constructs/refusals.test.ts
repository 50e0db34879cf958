import { Testing } from "cdktf";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import type { Grant } from "../../config/words";
import { ClientApp, type ClientAppProps } from "../../constructs/client-app";
import type { ConfidentialAppProps } from "../../constructs/confidential-app";
import { DeveloperClient } from "../../constructs/developer-client";
import { DomainGroup } from "../../constructs/domain-group";
import { IdentityDomain } from "../../constructs/identity-domain";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import local from "../../environments/local";
import { apiApp, emptyStack, helloScope } from "./synthesize";

const long = "x".repeat(101);

test.each<[string, Partial<ConfidentialAppProps>, RegExp]>([
  [
    "an audience without slash",
    { audience: "https://hello" },
    /"https:\/\/hello" does not end in a slash.*use "https:\/\/hello\/"/,
  ],
  ["no scope", { scopes: [] }, /needs at least one scope \(received none\)/],
  [
    "a scope with the audience in it",
    { scopes: [{ ...helloScope, value: "https://hello.example.com/read" }] },
    /holds the audience: name it without, "read"/,
  ],
  ["a scope with a space", { scopes: [{ ...helloScope, value: "hello read" }] }, /"hello read" is not a scope/],
  [
    "a scope with a control character",
    { scopes: [{ ...helloScope, value: "a\u0007b" }] },
    /"a\\u0007b" is not a scope/,
  ],
  ["a scope with a quote", { scopes: [{ ...helloScope, value: 'a"b' }] }, /is not a scope/],
  ["an empty scope", { scopes: [{ ...helloScope, value: "" }] }, /is not a scope/],
  ["a scope that is too long", { scopes: [{ ...helloScope, value: "x".repeat(256) }] }, /has 256 bytes, at most 255/],
  ["a scope declared twice", { scopes: [helloScope, { ...helloScope }] }, /scope "hello.read" is declared twice/],
  [
    "a scope named like a privilege of ORDS",
    { scopes: [{ ...helloScope, value: "oracle.dbtools.sdw" }] },
    /named like a privilege of ORDS/,
  ],
  ["no grant", { grants: [] }, /needs a grant \(received none\)/],
  ["the implicit grant", { grants: ["implicit" as Grant] }, /"implicit" is not allowed \(RFC 9700\)/],
  ["the password grant", { grants: ["password" as Grant] }, /"password" is not allowed \(RFC 9700\)/],
  ["an unknown grant", { grants: ["magic" as Grant] }, /unknown grant "magic": allowed are/],
  [
    "authorization code without redirect URI",
    { grants: ["authorization_code"] },
    /needs a redirect URI \(received none\)/,
  ],
  ["a redirect URI by http", { redirectUris: ["http://localhost:1/x"] }, /is not https.*DeveloperClient/],
  ["a redirect URI with a fragment", { redirectUris: ["https://x/#y"] }, /has a fragment/],
  ["a redirect URI with a wildcard", { redirectUris: ["https://*.x/"] }, /has a wildcard/],
  ["a redirect URI that is none", { redirectUris: ["x"] }, /is not an absolute URL/],
  ["a post-logout URI by http", { postLogoutRedirectUris: ["http://x/"] }, /is not https/],
  ["a logout URI by http", { logoutUri: "http://x/" }, /is not https/],
  [
    "an access token that is too short-lived",
    { accessTokenExpirySeconds: 59 },
    /accessTokenExpirySeconds is 59 seconds, allowed are 60 to/,
  ],
  ["an access token that lives too long", { accessTokenExpirySeconds: 31_536_001 }, /allowed are 60 to 31536000/],
  ["half a second", { accessTokenExpirySeconds: 90.5 }, /is 90.5 seconds/],
  [
    "a refresh token that is too short-lived",
    { refreshTokenExpirySeconds: 1 },
    /refreshTokenExpirySeconds is 1 seconds/,
  ],
  ["a display name that is too long", { displayName: long }, /has 101 characters, at most 100/],
  ["an empty display name", { displayName: " " }, /display name of the app is empty/],
])("an API app refuses %s", (_what, props, message) => {
  expect(() => apiApp(props)).toThrow(message);
});

type App = EnvironmentInput["app"];
const localScope = local.app.scopes[0] as App["scopes"][number];

/** The stack of an environment whose app differs by this much. */
function stackWith(app: Partial<App>, more: Partial<EnvironmentInput> = {}) {
  return new OrdsJwtStack(
    Testing.app(),
    "test",
    parseEnvironment("test", { ...local, ...more, app: { ...local.app, ...app } }),
  );
}

test.each<[string, Partial<App>, RegExp]>([
  ["a scope that protects nothing", { scopes: [{ ...localScope, modules: [] }] }, /"hello.read" protects nothing/],
  [
    "a module in two scopes",
    { scopes: [localScope, { ...localScope, value: "b" }] },
    /module "hello" belongs to the scopes "hello.read" and "b"/,
  ],
  [
    "a pattern in two scopes",
    {
      scopes: [
        { ...localScope, patterns: ["/x"] },
        { ...localScope, value: "b", modules: [], patterns: ["/x"] },
      ],
    },
    /pattern "\/x" belongs to the scopes/,
  ],
  [
    "a pattern without slash",
    { scopes: [{ ...localScope, patterns: ["x/*"] }] },
    /pattern "x\/\*".*does not start with a slash.*use "\/x\/\*"/,
  ],
  [
    "a pattern with the base path in it",
    { scopes: [{ ...localScope, patterns: ["/ords/hello/x"] }] },
    /relative to the schema's base path/,
  ],
  [
    "roles in a scope-based profile",
    { scopes: [{ ...localScope, roles: ["r"] }] },
    /names the roles "r", but the JWT profile is scope-based/,
  ],
])("a stack refuses %s", (_what, app, message) => {
  expect(() => stackWith(app)).toThrow(message);
});

test("a stack refuses a scope without roles in a role-based profile", () => {
  const make = () => stackWith({}, { jwtProfile: { roleClaim: "/groups" } });
  expect(make).toThrow(/names no role, but the JWT profile is role-based/);
});

test("a stack names everything that cannot be registered at once", () => {
  const make = () =>
    stackWith({
      audience: "https://hello",
      scopes: [{ ...localScope, value: "oracle.x", modules: [], patterns: ["/ords/hello/*", "/x/:id"] }],
    });
  expect(make).toThrow(/does not end in a slash[\s\S]*named like a privilege[\s\S]*relative to[\s\S]*"\/x\/:id"/);
});

test.each<[string, Partial<ClientAppProps>, RegExp]>([
  [
    "client credentials for a public client",
    { public: true, grants: ["client_credentials"] },
    /a public client cannot keep/,
  ],
  ["no scope", { scopes: [] }, /is allowed no scope/],
  ["authorization code without redirect URI", { grants: ["authorization_code"] }, /needs a redirect URI/],
])("a client refuses %s", (_what, props, message) => {
  const { stack, domain, app } = apiApp();
  const all = {
    domain,
    api: app,
    displayName: "c",
    grants: ["client_credentials" as const],
    scopes: ["hello.read"],
    ...props,
  };
  expect(() => new ClientApp(stack, "Client", all)).toThrow(message);
});

test.each([[[80]], [[]], [[1.5]]])("a developer client refuses the ports %j", (ports) => {
  const { stack, domain, app } = apiApp();
  const make = () =>
    new DeveloperClient(stack, "D", { domain, api: app, displayName: "d", scopes: ["hello.read"], ports });
  expect(make).toThrow(/ports from 1024 to 65535/);
});

test("a group refuses a display name that is too long", () => {
  const { stack, domain } = emptyStack();
  expect(() => new DomainGroup(stack, "G", { domain, displayName: long })).toThrow(/the group has 101 characters/);
});

test("a domain refuses an unknown license", () => {
  const { stack } = emptyStack();
  const props = {
    compartmentOcid: "ocid1.x",
    displayName: "d",
    description: "d",
    homeRegion: "r",
    authentication: { region: "r" },
  };
  const make = () => new IdentityDomain(stack, "New", { ...props, licenseType: "gold" as "free" });
  expect(make).toThrow(/unknown license type "gold": allowed are free, oracle-apps-premium, premium, external-user/);
});
