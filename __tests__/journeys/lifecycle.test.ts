import type { EnvironmentInput } from "../../config/environment";
import { environmentNames } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { type NotedPlan, planNotes } from "../../scripts/terraform/plan-notes";
import { type Change, rich, Stack } from "./lifecycle";

/** Resource types of a domain, with their words in import ids. */
const words = { app: "apps", grant: "grants", group: "groups", setting: "settings", user: "users" };

// One life of one stack: each test starts where the one before it ended.
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open({ workRequestMillis: 700 });
  await stack.deploy(rich);
});
afterAll(() => stack.close());

/** What would happen to each resource, by its name without the hash. */
function actions(changes: Record<string, Change>): Record<string, string> {
  const named = Object.entries(changes).map(([address, change]) => [plain(address), change.actions.join("+")]);
  return Object.fromEntries(named);
}

/** `oci_identity_domains_app.App_F1B96344` -> `App` */
function plain(address: string): string {
  return address.replace(/^.*?\.|_[0-9A-F]{8}/g, "");
}

test("every environment passes terraform validate", async () => {
  const validations = environmentNames().map(async (name) => {
    const checkout = stack.elsewhere(`validate-${name}`).synthesize(environment(name));
    await checkout.ok("init", "-no-color", "-input=false");
    return JSON.parse(await checkout.ok("validate", "-json"));
  });
  for (const { valid, diagnostics } of await Promise.all(validations)) {
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  }
});

test("nothing is left to do after everything was made, whatever the service adds to it", async () => {
  const users = stack.domain().users();
  const { emails, schemas } = users.find(({ userName }) => userName === "alice") ?? {};
  expect(emails).toContainEqual(expect.objectContaining({ type: "recovery", value: "alice@example.com" }));
  expect(schemas).toContain("urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User");
  expect(await stack.changes()).toEqual({});
});

test("after an import only what no API returns is left to do, and nothing is replaced", async () => {
  const { url } = stack.domain();
  const imports = Object.entries(await stack.state()).flatMap(([to, { id }]) => {
    if (to.startsWith("oci_identity_domain.")) return [{ to, id }];
    const [, word] = Object.entries(words).find(([type]) => to.startsWith(`oci_identity_domains_${type}.`)) ?? [];
    return word ? [{ to, id: `idcsEndpoint/${url}/${word}/${id}` }] : [];
  });
  expect(imports).toHaveLength(12);
  const other = stack.elsewhere().synthesize(rich);
  other.writeJson("imports.tf.json", { import: imports });
  await other.ok("init", "-no-color", "-input=false");
  const changes = Object.entries(await other.changes());
  const different = changes.map(([address, { actions, before, after }]) => {
    const names = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before?.[name]));
    return [plain(address), actions.join("+"), ...names].join(" ");
  });
  expect(different).toEqual([
    "App update force_delete",
    "Client-reports update force_delete",
    "Client-shop update force_delete",
    "DeveloperClient update force_delete",
    "Group-empty update attribute_sets force_delete",
    // Members come only when they are asked for, which the import does not.
    "Group-testers update attribute_sets force_delete members",
    "User-alice update force_delete",
    "User-bob update force_delete",
    ...["App", "Client-reports", "Client-shop", "DeveloperClient"].map((app) =>
      expect.stringContaining(`["${app}"] create`),
    ),
  ]);
});

test("Terraform refuses to destroy or replace domain and app of a protected environment", async () => {
  stack.synthesize({ ...rich, protected: true });
  const addresses = (await stack.ok("state", "list")).split("\n");
  const domain = addresses.find((address) => plain(address) === "Domain");
  for (const [how, refused] of [
    ["-destroy", "App"],
    [`-replace=${domain}`, "Domain"],
  ] as const) {
    const { code, stderr } = await stack.run(["plan", how, "-no-color", "-refresh=false"]);
    expect(code).toBe(1);
    expect(plain(/Resource\s+(\S+)\s+has\s+lifecycle\.prevent_destroy/.exec(stderr)?.[1] ?? stderr)).toBe(refused);
  }
});

const updated = {
  ...rich,
  tags: { ...rich.tags, stage: "acceptance" },
  domain: {
    ...rich.domain,
    displayName: "orders-acceptance",
    description: "For acceptance",
    isHiddenOnLogin: false,
    // Of use only when the domain is made: a change of it must not replace the domain.
    adminContact: { ...rich.domain.adminContact, email: "new@example.com" },
  },
  users: { ...rich.users, carol: { ...rich.users.alice, userName: "carol", workEmail: "carol@example.com" } },
  groups: { ...rich.groups, testers: { displayName: "Testers", members: ["alice", "bob", "carol"] } },
  app: {
    ...rich.app,
    displayName: "orders-api-2",
    description: "All about orders",
    scopes: [...rich.app.scopes, { value: "orders.cancel", displayName: "Cancel orders", modules: ["cancellations"] }],
    redirectUris: [...rich.app.redirectUris, "https://orders.example.com/callback"],
    accessTokenExpirySeconds: 600,
    issuancePolicy: "All" as const,
    enforceGrants: false,
  },
  clients: {
    ...rich.clients,
    reports: { ...rich.clients.reports, displayName: "Order reports", scopes: ["orders.read", "orders.cancel"] },
  },
  developerClient: { ports: [5001] },
} satisfies EnvironmentInput;

test("changes are made in place: names, descriptions, tags, scopes, redirect URIs, members; a new user is added", async () => {
  const before = stack.app("orders-api");
  stack.synthesize(updated);
  expect(actions(await stack.changes())).toEqual({
    Domain: "update",
    App: "update",
    "Client-reports": "update",
    "Client-shop": "update",
    DeveloperClient: "update",
    "Group-empty": "update",
    "Group-testers": "update",
    "User-alice": "update",
    "User-bob": "update",
    "User-carol": "create",
  });
  await stack.apply();
  const after = stack.app("orders-api-2");
  expect(after).toMatchObject({ id: before.id, name: before.name, clientSecret: before.clientSecret, active: true });
  expect(after.scopes?.map(({ fqs }) => fqs).sort()).toEqual(
    ["cancel", "read", "write"].map((scope) => `https://orders.example.com/orders.${scope}`),
  );
  expect(after.redirectUris).toContain("https://orders.example.com/callback");
  expect(
    stack
      .domain()
      .groups()
      .find(({ displayName }) => displayName === "Testers")?.members,
  ).toHaveLength(3);
  expect(stack.domain().displayName).toBe("orders-acceptance");
  expect(await stack.changes()).toEqual({});
});

test("an ordinary deploy drops one of several apps and replaces others: each is deactivated before it is deleted", async () => {
  const { reports, shop } = updated.clients;
  // The template of an app cannot be changed: public to confidential is another app.
  stack.synthesize({ ...updated, clients: { shop: { ...shop, public: false } } });
  const app = Object.keys(await stack.state()).find((address) => plain(address) === "App");
  const old = ["orders-api-2", reports.displayName, shop.displayName].map((name) => stack.app(name));
  const printed = await stack.ok("apply", "-no-color", "-auto-approve", "-input=false", `-replace=${app}`);
  for (const { id } of old) {
    const deactivated = printed.indexOf(`app ${id} is inactive`);
    expect(deactivated).toBeGreaterThan(0);
    expect(printed.slice(deactivated)).toMatch(new RegExp(`: Destroying\\.\\.\\. \\[id=${id}\\]`));
  }
  const ids = stack
    .domain()
    .apps()
    .map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(ids.filter((id) => old.some((app) => app.id === id))).toEqual([]);
  expect(
    stack
      .domain()
      .apps()
      .every(({ active }) => active),
  ).toBe(true);
  expect(await stack.changes()).toEqual({});
});

test("one terraform destroy removes everything", async () => {
  const printed = await stack.ok("destroy", "-no-color", "-auto-approve");
  expect(printed).toMatch(/app \w+ is inactive[\s\S]*domain ocid1\.\S+ is inactive[\s\S]*Destroy complete/);
  expect(stack.bench.oci.domains()).toEqual([]);
  expect(await stack.state()).toEqual({});
});

describe("left out of an environment file", () => {
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
});
