import type { OciRequest } from "../../terraform-provider/oci-client";
import { type Bench, openBench, type Workspace } from "../../testing/terraform";
import { domain, everything, header } from "./configuration";
import { ociProvider } from "./oci-provider";

const domainAddress = "oci_identity_domain.it";
const appAddress = "oci_identity_domains_app.it";
const grantAddress = "oci_identity_domains_grant.it";
/** Resource types of a domain, with their words in import ids. */
const children = { app: "apps", grant: "grants", group: "groups", setting: "settings", user: "users" };

let bench: Bench;
let workspace: Workspace;

// One life of one configuration: each test starts where the one before it ended.
beforeAll(async () => {
  bench = await openBench(ociProvider, { appendsSchemas: true, addsRecoveryEmail: true });
  workspace = bench.workspace("life", everything());
  await workspace.ok("init", "-no-color", "-input=false");
});

afterAll(() => bench.close());

function theDomain() {
  const [found] = bench.oci.domains();
  if (!found) throw new Error("the API has no domain");
  return found;
}

async function behindItsBack(method: OciRequest["method"], path: string, body?: OciRequest["body"]): Promise<void> {
  await bench.client.send({
    service: "Identity Domains",
    operation: "test",
    method,
    endpoint: theDomain().url,
    path,
    body,
  });
}

test("plans what only the API knows as known after apply", async () => {
  const { resource_changes = [] } = await workspace.plan();
  const app = resource_changes.find(({ address }) => address === appAddress)?.change;
  expect(resource_changes.map(({ change }) => change.actions)).toEqual(Array(6).fill(["create"]));
  expect(app?.after).toMatchObject({ display_name: "orders", access_token_expiry: 1800, attribute_sets: null });
  expect(app?.after_unknown).toMatchObject({
    id: true,
    client_secret: true,
    idcs_endpoint: true,
    allowed_scopes: true,
  });
});

test("creates everything, and the next plan is empty", async () => {
  await workspace.apply();
  const state = await workspace.state();
  const [app] = theDomain().apps();
  expect(app).toMatchObject({ displayName: "orders", active: true, isOAuthClient: true });
  expect(state[appAddress]).toMatchObject({ id: app?.id, name: app?.name, client_secret: app?.clientSecret });
  expect(state[domainAddress]).toMatchObject({ url: theDomain().url, state: "ACTIVE" });
  expect(await workspace.inSync()).toBe(true);
});

test("updates in place, one scope out and one in, and the next plan is empty", async () => {
  workspace.write(
    everything({ description: "changed", scopes: ["orders.read", "orders.delete"], givenName: "Augusta" }),
  );
  expect(await workspace.plannedActions()).toEqual({
    [domainAddress]: "update",
    [appAddress]: "update",
    "oci_identity_domains_user.it": "update",
  });
  await workspace.apply();
  const scopes = theDomain().apps()[0]?.scopes as { value: string; fqs: string }[];
  expect(scopes.map(({ value }) => value).sort()).toEqual(["orders.admin", "orders.delete", "orders.read"]);
  const stored = (await workspace.state())[appAddress]?.scopes as { fqs: string }[];
  expect(stored.map(({ fqs }) => fqs).sort()).toEqual(scopes.map(({ fqs }) => fqs).sort());
  expect(await workspace.inSync()).toBe(true);
});

test("sees what changed or vanished behind its back and puts it right", async () => {
  const { id, ...app } = theDomain().apps()[0] ?? {};
  await behindItsBack("PUT", `/admin/v1/Apps/${id}`, { ...(app as OciRequest["body"]), accessTokenExpiry: 60 });
  const grant = (await workspace.state())[grantAddress]?.id;
  await behindItsBack("DELETE", `/admin/v1/Grants/${grant}`);
  expect(await workspace.plannedActions()).toEqual({ [appAddress]: "update", [grantAddress]: "create" });
  await workspace.apply();
  expect(theDomain().apps()[0]?.accessTokenExpiry).toBe(1800);
});

test("plans a replacement when a force-new attribute changes, and names it", async () => {
  workspace.write(everything({ template: "CustomBrowserMobileTemplateId", homeRegion: "uk-london-1" }));
  const { resource_changes = [] } = await workspace.plan();
  const changes = new Map(resource_changes.map(({ address, change }) => [address, change]));
  expect(changes.get(domainAddress)).toMatchObject({ actions: ["delete", "create"], replace_paths: [["home_region"]] });
  expect(changes.get(appAddress)?.replace_paths).toContainEqual(["based_on_template", 0, "value"]);
});

test("does not delete an active app, and names the request but not the reason, as the real provider", async () => {
  const { id } = theDomain().apps()[0] ?? {};
  const { code, stderr } = await workspace.run(["destroy", "-no-color", "-auto-approve", `-target=${appAddress}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Error: 400-BadErrorResponse, *$/m);
  expect(stderr).toContain(`Request Target: DELETE ${theDomain().url}/admin/v1/Apps/${id}?forceDelete=true`);
  expect(stderr).toContain("Operation Name: DeleteApp");
  expect(stderr).toMatch(/OPC request ID: \S/);
  expect(await workspace.state()).toHaveProperty([appAddress]);
});

test("replaces the app once it is inactive", async () => {
  workspace.write(everything({ active: false }));
  await workspace.apply();
  const before = theDomain().apps()[0];
  workspace.write(everything({ active: false, appMore: 'name = "orders_client"' }));
  await workspace.apply();
  const [after, ...more] = theDomain().apps();
  expect(more).toEqual([]);
  expect(after?.name).toBe("orders_client");
  expect(after?.id).not.toBe(before?.id);
});

test("imports a domain by its OCID and its children by their paths", async () => {
  const state = await workspace.state();
  const importOf = (to: string, id: string) => `import {\n  to = ${to}\n  id = "${id}"\n}\n`;
  const imports = Object.entries(children).map(([type, word]) => {
    const address = `oci_identity_domains_${type}.it`;
    return importOf(address, `idcsEndpoint/${theDomain().url}/${word}/${state[address]?.id}`);
  });
  const again = everything({ active: false, appMore: 'name = "orders_client"' });
  const imported = bench.workspace("import", again + importOf(domainAddress, theDomain().id) + imports.join(""));
  await imported.ok("init", "-no-color");
  // Arguments that only shape requests are in no API and differ. The setting's id is one of them, and a change of it replaces.
  expect(await imported.plannedActions()).toEqual({
    [appAddress]: "update",
    "oci_identity_domains_setting.it": "delete+create",
    "oci_identity_domains_group.it": "update",
    "oci_identity_domains_user.it": "update",
  });
  const { code, stderr } = await imported.run(["import", "-no-color", appAddress, String(state[appAddress]?.id)]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`IdcsEndpointHelperForRead: Format of id might be wrong. id: ${state[appAddress]?.id}`),
  ]);
});

test("reads the data sources", async () => {
  const reader = bench.workspace(
    "data",
    `${header}
data "oci_identity_domain" "it" {
  domain_id = "${theDomain().id}"
}
data "oci_identity_domains_setting" "it" {
  idcs_endpoint = data.oci_identity_domain.it.url
  setting_id    = "Settings"
}
data "oci_identity_domains_app" "it" {
  idcs_endpoint = data.oci_identity_domain.it.url
  app_id        = "${theDomain().apps()[0]?.id}"
}
output "found" {
  value = [
    data.oci_identity_domain.it.display_name,
    data.oci_identity_domains_setting.it.signing_cert_public_access,
    data.oci_identity_domains_app.it.id,
    data.oci_identity_domains_app.it.audience,
  ]
}
`,
  );
  await reader.ok("init", "-no-color");
  await reader.apply();
  expect(JSON.parse(await reader.ok("output", "-json", "found"))).toEqual([
    "orders-dev",
    true,
    theDomain().apps()[0]?.id,
    "https://orders.example.com/",
  ]);
});

test("does not delete an active domain, and deletes an inactive one", async () => {
  workspace.write(domain());
  await workspace.apply();
  expect(theDomain().apps()).toEqual([]);
  const { stderr } = await workspace.run(["destroy", "-no-color", "-auto-approve"]);
  expect(stderr).toContain("Error: 412-PreConditionFailed, Cannot perform DELETE_DOMAIN operation on Domain");
  workspace.write(domain({ state: "INACTIVE" }));
  await workspace.apply();
  await workspace.ok("destroy", "-no-color", "-auto-approve");
  expect(bench.oci.domains()).toEqual([]);
});
