import type { Actual } from "../../../ords/model";
import { asApp, asGroup, asSettings, asUser, type Found } from "../../../scripts/import/found";
import { type Choices, type Said, say } from "../../../scripts/import/said";
import { ociTags } from "../../../scripts/oci/domain-api";
import { registered } from "../../ords/hello";

export const audience = "https://hello.example.com/";
const url = "https://idcs-1.identity.oraclecloud.com:443";

/** An app as a domain shows it; a test names what it is about. */
export function app(values: Record<string, unknown> = {}) {
  return asApp({
    id: "a1",
    name: "client-1",
    displayName: "hello-api",
    active: true,
    basedOnTemplate: { value: "CustomWebAppTemplateId" },
    clientType: "confidential",
    isOAuthClient: true,
    isOAuthResource: true,
    audience,
    scopes: [{ value: "hello.read", displayName: "Read greetings" }],
    allowedGrants: ["client_credentials"],
    trustScope: "Explicit",
    allowedScopes: [{ fqs: `${audience}hello.read` }],
    accessTokenExpiry: 3600,
    refreshTokenExpiry: 604_800,
    ...values,
  });
}

/** Another one, which may ask for the scope of the first. */
export function client(values: Record<string, unknown> = {}) {
  const { id = "c1", name = "client-2", displayName = "reports" } = values;
  return app({ isOAuthResource: false, audience: null, scopes: null, ...values, id, name, displayName });
}

export function user(values: Record<string, unknown> = {}) {
  return asUser({
    id: "u1",
    userName: "alice@example.com",
    name: { givenName: "Alice", familyName: "Smith" },
    emails: [
      { type: "work", value: "alice@example.com", primary: true },
      { type: "recovery", value: "alice@example.com" },
    ],
    ...values,
  });
}

export function group(values: Record<string, unknown> = {}, users: ReturnType<typeof user>[] | null = []) {
  const members = users?.map(({ id }) => ({ type: "User", value: id }));
  return { ...asGroup({ id: "g1", displayName: "Testers", members, ...values }), users: users ?? undefined };
}

export const tags = (freeformTags: Record<string, string>) => ({
  [ociTags]: {
    freeformTags: Object.entries(freeformTags).map(([key, value]) => ({ key, value })),
  },
});

/** A privilege of the name of the scope and a profile, by hand; no people and no clients. */
export const schema: Actual = {
  ...registered,
  profile: {
    ...registered.profile!,
    jwkUrl: `${url}/admin/v1/SigningCert/jwk`,
    description: "By hand",
  } as Actual["profile"],
  privileges: registered.privileges.map((privilege) => ({ ...privilege, comments: null })),
};

export function found(values: Partial<Found> = {}): Found {
  return {
    domainUrl: url,
    domain: undefined,
    settings: asSettings({ signingCertPublicAccess: true }),
    app: app(),
    grants: [],
    grantsToApp: [],
    users: [],
    groups: [],
    clients: [],
    schema,
    ...values,
  };
}

/** What is said of it in the environment `test`. */
export function said(values: Partial<Found> = {}, choices: Partial<Choices> = {}): Said {
  return say(found(values), {
    name: "test",
    region: "eu-frankfurt-1",
    authentication: undefined,
    database: { schema: "HELLO", connection: { user: "HELLO", connectString: "dev_low" } },
    apiUrl: undefined,
    ownDomain: false,
    people: true,
    ...choices,
  });
}
