import { type NotedPlan, planNotes } from "../../scripts/terraform/plan-notes";
import { rich, Stack } from "./lifecycle";

const { app, clients, domain } = rich;
const { displayName, audience, scopes, redirectUris } = app;

/** Everything that may be left out of an environment file, set to something else than its default. */
const everything = {
  ...rich,
  users: {},
  groups: {},
  app: {
    ...app,
    grantedTo: [],
    bypassConsent: true,
    scopes: scopes.map((scope) => ({ ...scope, description: "An old text", requiresConsent: true })),
  },
  clients: {
    reports: {
      ...clients.reports,
      redirectUris,
      postLogoutRedirectUris: redirectUris,
      bypassConsent: true,
      showInMyApps: true,
      active: false,
    },
  },
  developerClient: undefined,
};

/** The same stack with nothing that may be left out. */
const nothing = {
  ...everything,
  domain: { compartmentOcid: domain.compartmentOcid, displayName: domain.displayName },
  tags: {},
  app: {
    displayName,
    audience,
    scopes: scopes.map(({ value, displayName }) => ({ value, displayName, modules: [value] })),
    grants: ["client_credentials" as const],
  },
  clients: { reports: clients.reports },
};

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
});
afterAll(() => stack?.close());

test("what leaves an environment file gets its documented default, and then nothing is left to do", async () => {
  await stack.deploy(everything);
  expect(stack.app("orders-api")).toMatchObject({ accessTokenExpiry: 900, refreshTokenExpiry: 86_400 });

  stack.synthesize(nothing);
  const changes = await stack.changes();
  expect(Object.values(changes).map(({ actions }) => actions.join())).toEqual(["update", "update", "update"]);
  await stack.apply();
  const plan = await stack.plan();
  expect(plan.resource_changes?.filter(({ change }) => change.actions.join() !== "no-op")).toEqual([]);
  // What the provider cannot take away is said.
  expect(planNotes(plan as NotedPlan)).toEqual([
    expect.stringMatching(/^description of oci_identity_domains_app.App_\w+ stays "Orders": the provider cannot/),
    expect.stringMatching(
      /^logout_uri of oci_identity_domains_app.App_\w+ stays "https:\/\/orders.example.com\/logout"/,
    ),
  ]);

  expect(stack.app("orders-api")).toMatchObject({
    accessTokenExpiry: 3600,
    allowAccessControl: false,
    allowOffline: false,
    bypassConsent: false,
    refreshTokenExpiry: 604_800,
    showInMyApps: false,
  });
  for (const name of ["orders-api", "orders-reports"]) {
    const { redirectUris = [], postLogoutRedirectUris = [] } = stack.app(name);
    expect([...redirectUris, ...postLogoutRedirectUris]).toEqual([]);
  }
  expect(stack.app("orders-reports")).toMatchObject({ active: true, bypassConsent: false, showInMyApps: false });
  const left = stack
    .app("orders-api")
    .scopes?.map(({ description, requiresConsent }) => [description, requiresConsent]);
  expect(left).toEqual(scopes.map(() => [expect.not.stringContaining("old"), false]));
  const { body } = await stack.byHand("GET", `/20160918/domains/${stack.domain().id}`);
  expect(body).toMatchObject({ isHiddenOnLogin: false });
});
