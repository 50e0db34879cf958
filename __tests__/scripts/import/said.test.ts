import { Testing } from "cdktf";
import { parseEnvironment } from "../../../config/environment";
import { OrdsJwtStack } from "../../../constructs/ords-jwt-stack";
import type { Found } from "../../../scripts/import/found";
import { asSettings } from "../../../scripts/import/found";
import type { Choices } from "../../../scripts/import/said";
import type { Domain } from "../../../scripts/oci/client";
import { app, audience, client, found, group, said, schema, tags, user } from "./found";

/** All that is noted, in one text: kind, what, what it means and what to do. */
function notesOf(values: Partial<Found>, choices: Partial<Choices> = {}): string {
  const { notes } = said(values, choices);
  const kinds = ["first", "changes", "stays"] as const;
  return kinds
    .flatMap((kind) => notes[kind].map(({ what, means, todo }) => `${kind}: ${what}; ${means}; ${todo ?? ""}`))
    .join("\n");
}

const privilege = schema.privileges[0]!;
const withProfile = (values: object) => ({ schema: { ...schema, profile: { ...schema.profile!, ...values } } });
const withPrivileges = (...values: object[]) => ({
  schema: { ...schema, privileges: values.map((each) => ({ ...privilege, ...each })) },
});

test("what the file can say is said, and nothing else is noted", () => {
  const { input } = said();
  expect(notesOf({})).toBe("");
  expect(input).toEqual({
    region: "eu-frankfurt-1",
    protected: true,
    existingDomain: { domainUrl: "https://idcs-1.identity.oraclecloud.com:443" },
    app: {
      displayName: "hello-api",
      grants: ["client_credentials"],
      audience,
      scopes: [{ value: "hello.read", displayName: "Read greetings", modules: ["hello"] }],
    },
    jwtProfile: { description: "By hand" },
    database: { schema: "HELLO", connection: { user: "HELLO", connectString: "dev_low" } },
    imports: { app: "a1" },
  });
});

test("every entry of an app, its clients and a profile is said as it is", () => {
  const everything = {
    description: "Greets",
    allowedGrants: ["client_credentials", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
    redirectUris: ["https://a.example.com/cb"],
    postLogoutRedirectUris: ["https://a.example.com/bye"],
    logoutUri: "https://a.example.com/out",
    bypassConsent: true,
    showInMyApps: true,
    active: false,
  };
  const api = {
    accessTokenExpiry: 900,
    refreshTokenExpiry: 1000,
    allowOffline: true,
    trustScope: "Account",
    allowAccessControl: true,
    scopes: [{ value: "hello.read", displayName: "Read greetings", description: "All", requiresConsent: true }],
    ...tags({ team: "a", "ords-jwt-stack": "test" }),
  };
  const found = {
    app: app({ ...everything, ...api }),
    clients: [client({ ...everything, ...tags({ team: "a" }) })],
    ...withProfile({ issuer: "https://issuer.example.com/", allowedSkew: 5, allowedAge: 60, roleClaim: "/groups" }),
  };
  found.schema.privileges = [{ ...privilege, roles: ["r"] }];
  const { input } = said(found);
  expect(notesOf(found)).toBe("");
  const common = {
    description: "Greets",
    grants: ["client_credentials", "authorization_code", "device_code"],
    redirectUris: ["https://a.example.com/cb"],
    postLogoutRedirectUris: ["https://a.example.com/bye"],
    logoutUri: "https://a.example.com/out",
    bypassConsent: true,
    showInMyApps: true,
    active: false,
  };
  expect(input.app).toEqual({
    ...common,
    displayName: "hello-api",
    audience,
    accessTokenExpirySeconds: 900,
    refreshTokenExpirySeconds: 1000,
    allowTokenRefresh: true,
    issuancePolicy: "All",
    enforceGrants: true,
    scopes: [
      {
        value: "hello.read",
        displayName: "Read greetings",
        description: "All",
        requiresConsent: true,
        modules: ["hello"],
        roles: ["r"],
        privilege: { description: "" },
      },
    ],
  });
  expect(input.clients).toEqual({ reports: { ...common, displayName: "reports", scopes: ["hello.read"] } });
  expect(input.tags).toEqual({ team: "a" });
  expect(input.jwtProfile).toEqual({
    issuer: "https://issuer.example.com/",
    description: "By hand",
    allowedSkewSeconds: 5,
    allowedAgeSeconds: 60,
    roleClaim: "/groups",
  });
  expect(() => new OrdsJwtStack(Testing.app(), "test", parseEnvironment("test", input))).not.toThrow();
});

test.each<[string, Partial<Found>, RegExp]>([
  [
    "an audience without slash",
    { app: app({ audience: "hello" }) },
    /^changes: the primary audience "hello" .* does not end in a slash; .*"hello\/hello.read" in place of "hellohello.read"; tell the clients/m,
  ],
  [
    "the implicit grant",
    { app: app({ allowedGrants: ["implicit", "client_credentials"] }) },
    /^changes: .*has the grant "implicit"; .*no token; move them/m,
  ],
  [
    "the password grant alone",
    { app: app({ allowedGrants: ["password"] }) },
    /^changes: .*no grant that the file can say; the file says client_credentials/m,
  ],
  ["an app that is no client", { app: app({ isOAuthClient: false }) }, /^changes: .*is no OAuth client/m],
  [
    "a plain http redirect",
    { app: app({ redirectUris: ["http://localhost/cb"] }) },
    /^changes: .*redirect URI "http:\/\/localhost\/cb", which is not https/m,
  ],
  ["a redirect with a wildcard", { app: app({ redirectUris: ["https://a/*"] }) }, /^changes: .*which has a wildcard/m],
  [
    "a code grant without redirect",
    { app: app({ allowedGrants: ["authorization_code"] }) },
    /^changes: .*no redirect URI that can be declared/m,
  ],
  [
    "a trust scope of tags",
    { app: app({ trustScope: "Tags" }) },
    /^changes: .*asks? for scopes by "Tags"|may ask for scopes by "Tags"/m,
  ],
  [
    "scopes of others",
    { app: app({ allowedScopes: [{ fqs: "x/y" }] }) },
    /^changes: .*scopes of other apps: "x\/y"[\s\S]*may not ask for its own scopes "hello.read"/m,
  ],
  ["a trusted client", { app: app({ clientType: "trusted" }) }, /^changes: .*client type "trusted"/m],
  [
    "a lifetime out of range",
    { app: app({ accessTokenExpiry: 1 }) },
    /^changes: .*access tokens of 1 seconds; .*makes it 3600/m,
  ],
  [
    "an `aud` list",
    { app: app({ secondaryAudiences: ["b/"] }) },
    /^stays: .*secondary audiences "b\/"; .*list in `aud`/m,
  ],
  [
    "attributes of others",
    { app: app({ homePageUrl: "https://x", certificates: [{ kid: "s" }] }) },
    /^stays: .*no environment file says: homePageUrl https:\/\/x; certificates;/m,
  ],
  [
    "a scope that is none",
    { app: app({ scopes: [{ value: "a b" }, { value: "hello.read", displayName: "R" }] }) },
    /^changes: scope "a b" is not a scope.*takes it away/m,
  ],
  [
    "a scope without name",
    { app: app({ scopes: [{ value: "hello.read" }] }) },
    /^changes: scope "hello.read" has no display name/m,
  ],
  [
    "another audience of the profile",
    withProfile({ audience: "b/" }),
    /^changes: the JWT profile expects the audience "b\/"/m,
  ],
  [
    "other keys",
    withProfile({ jwkUrl: "https://other.example.com/jwk" }),
    /^changes: the JWT profile takes its keys from "https:\/\/other/m,
  ],
  ["zero skew", withProfile({ allowedSkew: 0 }), /^changes: .*allowed skew 0; .*1 to 60/m],
  ["zero age", withProfile({ allowedAge: 0 }), /^changes: .*allowed age 0/m],
  ["a role claim that is no pointer", withProfile({ roleClaim: "groups" }), /^changes: .*takes roles from "groups"/m],
  [
    "roles below a scope-based profile",
    withPrivileges({ roles: ["r"] }),
    /^changes: privilege "hello.read" names the roles "r".*see who has these roles/m,
  ],
  [
    "no roles below a role-based one",
    withProfile({ roleClaim: "/r" }),
    /^stays: privilege "hello.read": .*names no role/m,
  ],
  [
    "a module of two privileges",
    {
      app: app({
        scopes: [
          { value: "hello.read", displayName: "R" },
          { value: "b", displayName: "B" },
        ],
      }),
      ...withPrivileges({}, { name: "b" }),
    },
    /^stays: privilege "b": module "hello" belongs to the scopes "hello.read" and "b"/m,
  ],
  ["a pattern of neither form", withPrivileges({ patterns: ["/a*b"] }), /^stays: privilege "hello.read": pattern/m],
  [
    "a privilege that is no scope",
    withPrivileges({}, { name: "other", modules: ["x"] }),
    /^stays: privilege "other" \(modules "x"\) is no scope of the app/m,
  ],
  [
    "comments of a privilege",
    withPrivileges({ comments: "see wiki" }),
    /^changes: privilege "hello.read" has the comments "see wiki"/m,
  ],
  [
    "no privilege at all",
    withPrivileges({ name: "other" }),
    /^first: no privilege of schema HELLO is that of a scope.*say in the file which modules.*"hello"/m,
  ],
  [
    "a certificate that is not public",
    { settings: asSettings({}) },
    /^first: the signing certificate of the domain is not public/m,
  ],
  [
    "another issuer of the domain",
    { settings: asSettings({ signingCertPublicAccess: true, issuer: "https://i/" }) },
    /^stays: the domain issues tokens as "https:\/\/i\/"/m,
  ],
  [
    "custom claims",
    { settings: asSettings({ signingCertPublicAccess: true, tenantCustomClaims: [{ name: "g" }] }) },
    /^stays: the domain has the custom claims "g"/m,
  ],
  [
    "a schema that is not REST-enabled",
    { schema: { ...schema, basePath: null } },
    /^first: schema HELLO is not REST-enabled/m,
  ],
  [
    "roles of the app",
    { grantsToApp: [{ id: "r1", grantMechanism: "ADMINISTRATOR_TO_APP", grantee: { type: "App", value: "a1" } }] },
    /^stays: app "hello-api" has the grant "r1"/m,
  ],
  [
    "other tags of a client",
    { clients: [client(tags({ a: "b" }))] },
    /^changes: 1 of what is taken over has other free-form tags than the app \("a": "b"\)/m,
  ],
  ["an empty tag", { app: app(tags({ a: "" })) }, /^changes: the app has the tag "a"; the file cannot say it/m],
])("%s is noted, with what it means", (_what, values, message) => {
  expect(notesOf(values)).toMatch(message);
});

test("what cannot be said of a client leaves it out, whole", () => {
  const clients = [
    client({ id: "c1", displayName: "implicit", allowedGrants: ["implicit"] }),
    client({ id: "c2", displayName: "all", trustScope: "Account" }),
    client({ id: "c3", displayName: "more", allowedScopes: [{ fqs: `${audience}hello.read` }, { fqs: "x/y" }] }),
    client({ id: "c4", displayName: "theirs", ...tags({ "ords-jwt-stack": "other" }) }),
    client({ id: "c5", displayName: "http", redirectUris: ["http://a/"] }),
  ];
  const { input } = said({ clients });
  expect(input.clients).toBeUndefined();
  expect(input.imports).toEqual({ app: "a1" });
  expect(notesOf({ clients }).match(/^stays: client "\w+" is not written down: .*$/gm)).toEqual([
    expect.stringMatching(/"implicit".*has the grant "implicit"/),
    expect.stringMatching(/"all".*may ask for scopes by "Account"/),
    expect.stringMatching(/"more".*of other apps, "x\/y"/),
    expect.stringMatching(/"theirs".*stack other owns it/),
    expect.stringMatching(/"http".*is not https/),
  ]);
});

test("the client that an environment makes for developers is taken over as that", () => {
  const developers = {
    displayName: "hello-api developers",
    basedOnTemplate: { value: "CustomBrowserMobileTemplateId" },
    clientType: "public",
    allUrlSchemesAllowed: true,
    allowedGrants: ["authorization_code"],
    redirectUris: ["http://127.0.0.1:5000/callback"],
  };
  const { input } = said({ clients: [client(developers)] });
  expect(input).toMatchObject({ developerClient: { ports: [5000] }, imports: { developerClient: "c1" } });
  const other = said({ clients: [client({ ...developers, displayName: "else" })] });
  expect(other.input.developerClient).toBeUndefined();
  expect(other.notes.stays[0]?.what).toMatch(/client "else" is not written down/);
});

describe("users and groups", () => {
  const grant = (id: string, type: string, value: string, more: object = {}) => ({
    id,
    grantMechanism: `ADMINISTRATOR_TO_${type.toUpperCase()}`,
    grantee: { type, value },
    ...more,
  });
  const bob = user({ id: "u2", userName: "alice", emails: [{ type: "work", value: "b@example.com", primary: true }] });

  test("are said with their ids, each by a key of its own", () => {
    const values = {
      groups: [group({ displayName: "Alice" }, [user()])],
      users: [bob],
      grants: [grant("r1", "Group", "g1"), grant("r2", "User", "u2")],
    };
    const { input } = said(values);
    expect(input.users).toEqual({
      alice: { userName: "alice@example.com", givenName: "Alice", familyName: "Smith", workEmail: "alice@example.com" },
      alice_3: { userName: "alice", givenName: "Alice", familyName: "Smith", workEmail: "b@example.com" },
    });
    expect(input.groups).toEqual({ alice_2: { displayName: "Alice", members: ["alice"] } });
    expect(input.app.grantedTo).toEqual(["alice_2", "alice_3"]);
    expect(input.imports).toEqual({
      app: "a1",
      users: { alice: "u1", alice_3: "u2" },
      groups: { alice_2: "g1" },
      grants: { alice_2: "r1", alice_3: "r2" },
    });
    expect(notesOf(values)).toMatch(/^changes: user "alice" has no recovery email/);
  });

  test.each<[string, Partial<Found>, RegExp]>([
    [
      "a large group",
      { groups: [group({ members: Array.from({ length: 51 }, () => ({ type: "User", value: "u" })) }, null)] },
      /group "Testers" is not written down: it has 51 members/,
    ],
    [
      "a group of others than users",
      { groups: [group({ members: [{ type: "App", value: "a" }] }, [])] },
      /not all of its members are users/,
    ],
    ["a group of another stack", { groups: [group(tags({ "ords-jwt-stack": "x" }), [])] }, /stack x owns it/],
    [
      "a user without given name",
      { users: [user({ name: { familyName: "S" } })] },
      /user "alice@example.com" is not written down: givenName of user/,
    ],
    [
      "a user with a home email",
      { users: [user({ emails: [{ type: "home", value: "a@example.com", primary: true }] })] },
      /has other emails than/,
    ],
    [
      "a grant of a role",
      { grants: [grant("r", "User", "u1", { entitlement: { attributeName: "appRoles", attributeValue: "x" } })] },
      /a grant of a role of app/,
    ],
    [
      "a grant by the service",
      { grants: [{ ...grant("r", "User", "u1"), grantMechanism: "SERVICE_MANAGER_TO_USER" }] },
      /a grant by "SERVICE_MANAGER_TO_USER"/,
    ],
  ])("%s is left as it is", (_what, values, message) => {
    const { input } = said(values);
    expect([input.users, input.groups, input.app.grantedTo]).toEqual([undefined, undefined, undefined]);
    expect(notesOf(values)).toMatch(message);
    expect(notesOf(values)).toMatch(/^stays: /);
  });

  test("of a group that is not said are not said either", () => {
    const carol = user({ id: "u3", userName: "carol", name: null });
    const { input } = said({ groups: [group({}, [user(), carol])], grants: [grant("r", "Group", "g1")] });
    expect([input.users, input.groups, input.imports?.users]).toEqual([undefined, undefined, undefined]);
  });

  test("are left out where that is asked for, and named", () => {
    const values = { users: [bob], grants: [grant("r2", "User", "u2")] };
    expect(said(values, { people: false }).input.users).toBeUndefined();
    expect(notesOf(values, { people: false })).toMatch(/^stays: app "hello-api" is granted to "alice"/);
  });
});

describe("the domain", () => {
  const domain = {
    id: "ocid1.domain.1",
    compartmentId: "ocid1.compartment.1",
    displayName: "Tutorial",
    description: "By hand",
    licenseType: "free",
    homeRegion: "eu-paris-1",
    type: "SECONDARY",
    isHiddenOnLogin: true,
  } as Domain;

  test("is read where nothing else is asked for, spelt as the JWT profile spells it", () => {
    const jwkUrl = "https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk";
    const { input, notes } = said({ domain, ...withProfile({ jwkUrl }) });
    expect(input).toMatchObject({
      region: "eu-paris-1",
      existingDomain: { domainUrl: "https://idcs-1.identity.oraclecloud.com" },
    });
    expect(notes.changes).toEqual([]);
  });

  test("is said and taken over with --own-domain", () => {
    const { input } = said({ domain }, { ownDomain: true });
    expect(input.existingDomain).toBeUndefined();
    expect(input.domain).toEqual({
      compartmentOcid: "ocid1.compartment.1",
      displayName: "Tutorial",
      description: "By hand",
      licenseType: "free",
      isHiddenOnLogin: true,
    });
    expect(input.imports).toMatchObject({ domainOcid: "ocid1.domain.1", domainUrl: found().domainUrl });
  });

  test.each<[string, Partial<Domain> | undefined, RegExp]>([
    ["the default one", { type: "DEFAULT" as Domain["type"] }, /default one, which nobody can delete/],
    ["that of another stack", { freeformTags: { "ords-jwt-stack": "x" } }, /stack x owns the domain/],
    ["one of an unknown license", { licenseType: "gold" }, /its license is gold/],
    ["one that cannot be read", undefined, /cannot be looked up/],
  ])("is not taken over: %s", (_what, values, message) => {
    const one = values && { ...domain, ...values };
    expect(() => said({ domain: one }, { ownDomain: true })).toThrow(message);
  });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ["a public app", { basedOnTemplate: { value: "CustomBrowserMobileTemplateId" } }, /a deploy would replace it/],
  ["a client only", { isOAuthResource: false }, /protects no API/],
  ["an app without scopes", { scopes: [] }, /protects no API/],
  ["an app of too long a name", { displayName: "x".repeat(101) }, /more than 100 characters/],
])("%s cannot be taken over", (_what, values, message) => {
  expect(() => said({ app: app(values) })).toThrow(message);
});
