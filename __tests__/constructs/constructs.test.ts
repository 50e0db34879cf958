import { TerraformOutput, Testing, Token } from "cdktf";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { environment } from "../../config/environments";
import { ClientApp } from "../../constructs/client-app";
import { ConfidentialApp } from "../../constructs/confidential-app";
import { DeveloperClient } from "../../constructs/developer-client";
import { DomainGroup } from "../../constructs/domain-group";
import { DomainUser } from "../../constructs/domain-user";
import { IdentityDomain } from "../../constructs/identity-domain";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import dev from "../../environments/dev";
import { apiApp, emptyStack, helloScope, onlyResource, resources } from "./synthesize";

const app = "oci_identity_domains_app";
const alice = {
  userName: "alice",
  givenName: "Alice",
  familyName: "Smith",
  workEmail: "alice@example.com",
};

/** The stack of the example environment with some entries changed. */
function stackOf(change: Partial<EnvironmentInput>, name = "test") {
  return JSON.parse(
    Testing.synth(new OrdsJwtStack(Testing.app(), name, parseEnvironment(name, { ...dev, ...change }))),
  );
}

describe("a domain of another environment", () => {
  const { domain: _domain, users: _users, groups: _groups, ...rest } = dev;
  const sharing = { ...rest, existingDomain: { environment: "owner" }, app: { ...dev.app, grantedTo: [] } };

  test.each([
    ["the file it is in by default", undefined, { backend: "local", config: { path: "../../../state/owner.tfstate" } }],
    [
      "a backend that cdktf does not know",
      { type: "oci", attributes: { bucket: "states", workspace_key_prefix: "all", configFileProfile: "P" } },
      { backend: "oci", config: { bucket: "states", workspace_key_prefix: "all", configFileProfile: "P" } },
    ],
  ])("is read from its state in %s, after it", (_where, backend, expected) => {
    const project = Testing.app();
    const owner = new OrdsJwtStack(project, "owner", { ...dev, backend });
    const stack = new OrdsJwtStack(project, "test", sharing);
    const { data, output, resource } = JSON.parse(Testing.synth(stack));
    expect(data.terraform_remote_state.domain_owner).toMatchObject(expected);
    expect(output.ords.value.profile.jwkUrl).toBe(
      "${data.terraform_remote_state.domain_owner.outputs.ords.client.domainUrl}/admin/v1/SigningCert/jwk",
    );
    expect(resource.oci_identity_domain).toBeUndefined();
    expect(stack.dependencies).toEqual([owner]);
  });

  test("has to be synthesized", () => {
    expect(() => new OrdsJwtStack(Testing.app(), "test", sharing)).toThrow(
      /names "owner", which is not synthesized: make its OrdsJwtStack first/,
    );
  });
});

describe("an API app", () => {
  test("may ask for its own scopes and no others", () => {
    const { trust_scope, allowed_scopes } = onlyResource(apiApp().stack, app);
    expect({ trust_scope, allowed_scopes }).toMatchInlineSnapshot(`
      {
        "allowed_scopes": [
          {
            "fqs": "https://hello.example.com/hello.read",
          },
        ],
        "trust_scope": "Explicit",
      }
    `);
  });

  test("may ask for every scope of the domain when told so", () => {
    const { trust_scope, allowed_scopes } = onlyResource(apiApp({ issuancePolicy: "All" }).stack, app);
    expect({ trust_scope, allowed_scopes }).toMatchInlineSnapshot(`
      {
        "allowed_scopes": undefined,
        "trust_scope": "Account",
      }
    `);
  });

  test("takes what is known only after apply without checking it", () => {
    const audience = Token.asString({ resolve: () => "later" });
    expect(() =>
      apiApp({
        audience,
        redirectUris: [Token.asString({ resolve: () => "later" })],
      }),
    ).not.toThrow();
  });

  test("cannot be destroyed when protected", () => {
    expect(onlyResource(apiApp({ protected: true }).stack, app).lifecycle).toMatchInlineSnapshot(`
      {
        "ignore_changes": [
          "schemas",
        ],
        "prevent_destroy": true,
      }
    `);
  });

  test("declares the default of what is left out, since the provider would keep what was there", () => {
    expect(onlyResource(apiApp().stack, app)).toMatchObject({
      access_token_expiry: 3600,
      allow_access_control: false,
      allow_offline: false,
      bypass_consent: false,
      description: "",
      logout_uri: "",
      post_logout_redirect_uris: [],
      redirect_uris: [],
      refresh_token_expiry: 604_800,
      scopes: [{ description: "", requires_consent: false }],
      show_in_my_apps: false,
    });
  });

  test("is granted to users and groups", () => {
    const { stack, domain, app } = apiApp();
    const user = new DomainUser(stack, "Alice", { domain, ...alice });
    app.grantTo(user);
    app.grantTo(
      new DomainGroup(stack, "Testers", {
        domain,
        displayName: "testers",
        members: [user],
      }),
    );
    const grants = Object.values(resources(stack).oci_identity_domains_grant ?? {});
    expect(
      grants.map(({ grant_mechanism, grantee }) => ({
        grant_mechanism,
        grantee,
      })),
    ).toMatchInlineSnapshot(`
      [
        {
          "grant_mechanism": "ADMINISTRATOR_TO_USER",
          "grantee": {
            "type": "User",
            "value": "\${oci_identity_domains_user.Alice_D4D33764.id}",
          },
        },
        {
          "grant_mechanism": "ADMINISTRATOR_TO_GROUP",
          "grantee": {
            "type": "Group",
            "value": "\${oci_identity_domains_group.Testers_E5D1EE29.id}",
          },
        },
      ]
    `);
  });

  test("is granted to users and groups that exist, of which nothing is declared", () => {
    const { stack, domain, app } = apiApp();
    const bob = DomainUser.fromUserId(stack, "Bob", "id-of-bob");
    app.grantTo(bob);
    app.grantTo(DomainGroup.fromGroupId(stack, "Staff", "id-of-staff"));
    new DomainGroup(stack, "Testers", { domain, displayName: "testers", members: [bob] });
    const all = resources(stack);
    const grantees = Object.values(all.oci_identity_domains_grant ?? {}).map(({ grantee }) => grantee);
    expect(grantees).toEqual([
      { type: "User", value: "id-of-bob" },
      { type: "Group", value: "id-of-staff" },
    ]);
    expect(onlyResource(stack, "oci_identity_domains_group").members).toEqual([{ type: "User", value: "id-of-bob" }]);
    expect(all.oci_identity_domains_user).toBeUndefined();
  });

  test("that exists is read by its id and not declared", () => {
    const { stack, domain } = emptyStack();
    const found = ConfidentialApp.fromAppId(stack, "App", domain, "abc");
    new TerraformOutput(stack, "audience", { value: found.audience, staticId: true });
    const { output } = JSON.parse(Testing.synth(stack));
    expect(output.audience.value).toMatch(/^\$\{data.oci_identity_domains_app.App_.*audience\}$/);
    expect(resources(stack)[app]).toBeUndefined();
  });

  test("that exists can be granted to a user, like one that the stack made", () => {
    const { stack, domain } = emptyStack();
    const found = ConfidentialApp.fromAppId(stack, "App", domain, "abc");
    found.grantTo(DomainUser.fromUserId(stack, "Bob", "bob-id"));
    expect(onlyResource(stack, "oci_identity_domains_grant")).toMatchObject({
      app: { value: "abc" },
      grantee: { type: "User", value: "bob-id" },
    });
    expect(found.node.path).toBe("test/App");
  });
});

describe("a client beside the API app", () => {
  test("is allowed the scopes it names", () => {
    const { stack, domain, app: api } = apiApp();
    const client = new ClientApp(stack, "Client", {
      domain,
      api,
      displayName: "c",
      grants: ["client_credentials"],
      scopes: ["hello.read"],
    });
    const made = Object.values(resources(stack)[app] ?? {}).find((resource) => resource.display_name === "c");
    expect(made?.allowed_scopes).toEqual([{ fqs: "https://hello.example.com/hello.read" }]);
    expect(made?.client_type).toBe("confidential");
    expect(made?.depends_on).toEqual([expect.stringMatching(/^oci_identity_domains_app.App_/)]);
    expect(client.clientId).toBeDefined();
  });

  test("can be public, without a secret and of the template for browsers", () => {
    const { stack, domain, app: api } = apiApp();
    const redirectUris = ["https://spa.example.com/"];
    new ClientApp(stack, "Spa", {
      domain,
      api,
      displayName: "c",
      public: true,
      grants: ["authorization_code"],
      redirectUris,
      scopes: ["x"],
    });
    const made = Object.values(resources(stack)[app] ?? {}).find((resource) => resource.display_name === "c");
    expect(made).toMatchObject({
      client_type: "public",
      based_on_template: { value: "CustomBrowserMobileTemplateId" },
    });
  });

  test("may have users sign in by a code, by the name that OCI has for it, and the developers' only when told to", () => {
    const { stack, domain, app: api } = apiApp({ grants: ["device_code"] });
    const common = { domain, api, scopes: ["hello.read"] };
    const tv = new ClientApp(stack, "Tv", { ...common, displayName: "tv", public: true, grants: ["device_code"] });
    const told = new DeveloperClient(stack, "Told", { ...common, displayName: "told", allowDeviceCode: true });
    const not = new DeveloperClient(stack, "Not", { ...common, displayName: "not" });
    const grants = Object.values(resources(stack)[app] ?? {}).map((made) => [made.display_name, made.allowed_grants]);
    const deviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    expect(Object.fromEntries(grants)).toEqual({
      "hello-api": [deviceCode],
      tv: [deviceCode],
      told: ["authorization_code", deviceCode],
      not: ["authorization_code"],
    });
    // In the outputs it has the name that it has in the environment file.
    expect([tv, told, not].map((client) => client.grants)).toEqual([
      ["device_code"],
      ["authorization_code", "device_code"],
      ["authorization_code"],
    ]);
  });

  test("for developers listens on loopback and is the only one that may use http", () => {
    const { stack, domain, app: api } = apiApp();
    new DeveloperClient(stack, "Dev", {
      domain,
      api,
      displayName: "d",
      scopes: ["hello.read"],
      ports: [5001],
    });
    const all = Object.values(resources(stack)[app] ?? {});
    expect(all.filter((resource) => resource.all_url_schemes_allowed)).toMatchObject([
      {
        display_name: "d",
        client_type: "public",
        redirect_uris: ["http://127.0.0.1:5001/callback"],
      },
    ]);
  });
});

describe("a user", () => {
  test("has the recovery email declared that the service would add", () => {
    const { stack, domain } = emptyStack();
    new DomainUser(stack, "Alice", { domain, ...alice });
    expect(onlyResource(stack, "oci_identity_domains_user").emails).toMatchInlineSnapshot(`
      [
        {
          "primary": true,
          "type": "work",
          "value": "alice@example.com",
        },
        {
          "primary": false,
          "type": "recovery",
          "value": "alice@example.com",
        },
      ]
    `);
  });

  test("gets no mail when told so, and no plan wants to send it later", () => {
    const { stack, domain } = emptyStack();
    new DomainUser(stack, "Alice", { domain, ...alice, activationMail: false });
    const user = onlyResource(stack, "oci_identity_domains_user");
    expect(user.urnietfparamsscimschemasoracleidcsextensionuser_user).toEqual({
      bypass_notification: true,
    });
    expect(user.lifecycle).toEqual({
      ignore_changes: ["schemas", "urnietfparamsscimschemasoracleidcsextensionuser_user"],
    });
  });
});

describe("an existing domain", () => {
  test.each([
    ["by OCID", { domainOcid: "ocid1.domain.oc1..x" }],
    ["by URL", { domainUrl: "https://idcs-1.identity.oraclecloud.com:443/" }],
  ])("%s is only read: neither declared, nor set, nor deactivated", (_how, existingDomain) => {
    const { resource } = stackOf({ domain: undefined, existingDomain });
    expect(Object.keys(resource)).not.toContain("oci_identity_domain");
    expect(Object.keys(resource)).not.toContain("oci_identity_domains_setting");
    expect(JSON.stringify(resource)).not.toContain("deactivate.ts domain");
  });

  test("fails a plan while its signing certificate is not public, with the command that mends it", () => {
    const { stack } = emptyStack();
    const [setting] = Object.values(JSON.parse(Testing.synth(stack)).data.oci_identity_domains_setting) as [
      Record<string, never>,
    ];
    expect(setting).toMatchInlineSnapshot(`
      {
        "idcs_endpoint": "https://idcs-1.identity.oraclecloud.com:443",
        "lifecycle": {
          "postcondition": [
            {
              "condition": "\${self.signing_cert_public_access}",
              "error_message": "the signing certificate of this domain is not public, so ORDS cannot verify its tokens; whoever administers the domain can make it public with:

        oci identity-domains setting patch --endpoint https://idcs-1.identity.oraclecloud.com:443 --setting-id Settings --schemas '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]' --operations '[{"op":"replace","path":"signingCertPublicAccess","value":true}]'
      ",
            },
          ],
        },
        "setting_id": "Settings",
      }
    `);
  });

  test("is named without the trailing slash that the provider refuses", () => {
    const { stack } = emptyStack();
    expect(IdentityDomain.fromDomainUrl(stack, "D", "https://idcs-1:443/").url).toBe("https://idcs-1:443");
  });
});

describe("a stack", () => {
  test("deactivates every app by one hook, keyed by app", () => {
    const { resource } = stackOf({
      clients: {
        reports: {
          displayName: "r",
          grants: ["client_credentials"],
          scopes: ["hello.read"],
        },
      },
    });
    const hooks = Object.values(resource.terraform_data) as {
      for_each: object;
      triggers_replace: object;
    }[];
    expect(hooks.map((hook) => Object.keys(hook.for_each))).toEqual([["App", "Client-reports", "DeveloperClient"]]);
    expect(hooks[0]?.triggers_replace).toEqual({
      id: "${each.value.id}",
      endpoint: "${each.value.endpoint}",
    });
  });

  test("hands over the id of every client, and no secret for a public one, which has none", () => {
    const client = { displayName: "r", scopes: ["hello.read"], redirectUris: ["https://r.example.com/"] };
    const { output } = stackOf({
      clients: {
        reports: { ...client, grants: ["client_credentials"] },
        spa: { ...client, grants: ["authorization_code"], public: true },
      },
    });
    expect(Object.keys(output)).toEqual(["client_secret", "client_secret_reports", "ords"]);
    expect(output.ords.value.clients).toEqual({
      reports: {
        clientId: expect.stringMatching(/^\$\{oci_identity_domains_app.Client-reports_\w+\.name\}$/),
        public: false,
        grants: ["client_credentials"],
        redirectUris: client.redirectUris,
        scopes: [expect.stringMatching(/\/hello.read$/)],
      },
      spa: expect.objectContaining({ public: true, grants: ["authorization_code"] }),
    });
  });

  test("marks the secret of every client as sensitive", () => {
    const { output } = stackOf({
      clients: {
        reports: {
          displayName: "r",
          grants: ["client_credentials"],
          scopes: ["hello.read"],
        },
      },
    });
    expect(output.client_secret_reports.sensitive).toBe(true);
  });

  test("signs the provider and the hooks in alike", () => {
    const { provider, resource } = stackOf({
      authentication: { type: "SecurityToken", configFileProfile: "S" },
    });
    expect(provider.oci[0]).toMatchObject({
      auth: "SecurityToken",
      config_file_profile: "S",
    });
    const signedIn = JSON.stringify(resource).match(/"ORDS_JWT_OCI_AUTH":"SecurityToken","ORDS_JWT_OCI_PROFILE":"S"/g);
    expect(signedIn).toHaveLength(2);
  });

  test("keeps its state where the environment says, and only there", () => {
    const { terraform } = stackOf({
      backend: {
        type: "oci",
        attributes: { bucket: "b", namespace: "n", key: "k" },
      },
    });
    expect(terraform.backend).toEqual({
      oci: { bucket: "b", namespace: "n", key: "k" },
    });
  });

  test("protects domain and app when told so", () => {
    const { resource } = stackOf({ protected: true });
    for (const type of ["oci_identity_domain", app]) {
      const [first] = Object.values(resource[type]) as [{ lifecycle: object }];
      expect(first.lifecycle).toMatchObject({ prevent_destroy: true });
    }
  });

  test("deactivates the API app and a client, whatever the client's key", () => {
    const client = { displayName: "r", grants: ["client_credentials" as const], scopes: ["hello.read"] };
    const { resource } = stackOf({ clients: { App: client, DeveloperClient: client } });
    const [hook] = Object.values(resource.terraform_data) as { for_each: object }[];
    expect(Object.keys(hook?.for_each ?? {})).toHaveLength(4);
  });

  test("keeps its own tag, which the sweep goes by", () => {
    const { resource } = stackOf({ tags: { "ords-jwt-stack": "prod" } });
    expect(JSON.stringify(resource)).not.toContain('"prod"');
  });

  test("tags everything with its name and with what the environment adds", () => {
    const { resource } = stackOf({ tags: { team: "orders" } });
    expect((Object.values(resource.oci_identity_domain) as object[])[0]).toMatchObject({
      freeform_tags: { "ords-jwt-stack": "test", team: "orders" },
    });
    for (const type of [app, "oci_identity_domains_user", "oci_identity_domains_group"]) {
      expect(JSON.stringify(resource[type])).toContain(
        '"freeform_tags":[{"key":"team","value":"orders"},{"key":"ords-jwt-stack","value":"test"}]',
      );
    }
  });

  test.each<[string, Partial<EnvironmentInput>, RegExp]>([
    [
      "a member that is no user",
      { groups: { g: { displayName: "g", members: ["bob"] } } },
      /groups.g.members names "bob".*known are alice/,
    ],
    [
      "a grantee that is neither user nor group",
      { app: { ...dev.app, grantedTo: ["nobody"] } },
      /app.grantedTo names "nobody".*known are alice, testers/,
    ],
  ])("refuses %s", (_what, change, message) => {
    expect(() => stackOf(change)).toThrow(message);
  });

  test("writes the same scope names for Terraform and for ORDS", () => {
    const { output } = JSON.parse(Testing.synth(new OrdsJwtStack(Testing.app(), "prod", environment("prod"))));
    const { privileges, client, profile } = output.ords.value;
    expect(client.scopes).toEqual(privileges.map(({ name }: { name: string }) => profile.audience + name));
  });
});

describe("what exists already", () => {
  const url = "https://idcs-1.identity.oraclecloud.com:443";
  const { domain, ...rest } = dev;
  const existing: Partial<EnvironmentInput> = { domain: undefined, existingDomain: { domainUrl: url } };
  const importsOf = (change: Partial<EnvironmentInput>) =>
    stackOf(change).import?.map(({ to, id }: Record<string, string>) => `${to?.replace(/_[0-9A-F]{8}$/, "")} ${id}`);

  test("is taken over by its id, each thing at its own address", () => {
    const clients = {
      reports: { displayName: "reports", grants: ["client_credentials" as const], scopes: ["hello.read"] },
    };
    const imports = {
      app: "a1",
      users: { alice: "u1" },
      groups: { testers: "g1" },
      grants: { testers: "r1" },
      developerClient: "d1",
      clients: { reports: "c1" },
    };
    expect(importsOf({ ...existing, clients, imports })?.sort()).toEqual([
      `oci_identity_domains_app.App idcsEndpoint/${url}/apps/a1`,
      `oci_identity_domains_app.Client-reports idcsEndpoint/${url}/apps/c1`,
      `oci_identity_domains_app.DeveloperClient idcsEndpoint/${url}/apps/d1`,
      `oci_identity_domains_grant.App_Grant-Group-testers idcsEndpoint/${url}/grants/r1`,
      `oci_identity_domains_group.Group-testers idcsEndpoint/${url}/groups/g1`,
      `oci_identity_domains_user.User-alice idcsEndpoint/${url}/users/u1`,
    ]);
    expect(importsOf({ ...rest, domain, imports: { domainOcid: "ocid1.domain.x", domainUrl: url } })).toEqual([
      "oci_identity_domain.Domain ocid1.domain.x",
      `oci_identity_domains_setting.Domain_Setting idcsEndpoint/${url}/settings/Settings`,
    ]);
    expect(importsOf(existing)).toBeUndefined();
  });

  test.each<[string, Partial<EnvironmentInput>, RegExp]>([
    ["no URL", { imports: { app: "a1" } }, /imports needs domainUrl/],
    ["another URL", { ...existing, imports: { domainUrl: "https://b.example.com" } }, /would be replaced/],
    [
      "a domain that is only read",
      { ...existing, imports: { domainOcid: "ocid1.x" } },
      /imports.domainOcid needs domain/,
    ],
    [
      "an unknown user",
      { ...existing, imports: { users: { bob: "u" } } },
      /imports.users names "bob".*known are alice/,
    ],
    ["an unknown grant", { ...existing, imports: { grants: { bob: "u" } } }, /imports.grants names "bob"/],
    [
      "a developers' client that is not declared",
      { ...existing, developerClient: undefined, imports: { developerClient: "d" } },
      /imports names "developerClient", which is not declared/,
    ],
  ])("cannot be taken over with %s", (_what, change, message) => {
    expect(() => stackOf(change)).toThrow(message);
  });
});

test("a text is no template to Terraform, whoever wrote it", () => {
  const users = { alice: { ...alice, familyName: '${file("key.pem")} %{if true}' } };
  const { resource } = stackOf({ users, tags: { "${a}": "b$" } });
  expect(JSON.stringify(resource)).toContain('"family_name":"$${file(\\"key.pem\\")} %%{if true}"');
  expect(JSON.stringify(resource)).toContain('"$${a}":"b$"');
});

test("a privilege may be labelled otherwise than its scope, or be none of this schema", () => {
  const scope = { value: "hello.read", displayName: "Read", description: "Reads", modules: ["hello"] };
  const scopes = [
    { ...scope, privilege: { label: "Reading", description: "" } },
    { value: "elsewhere", displayName: "Elsewhere", privilege: false as const },
  ];
  const { output, resource } = stackOf({ app: { ...dev.app, scopes } });
  expect(output.ords.value.privileges).toMatchObject([{ name: "hello.read", label: "Reading", description: "" }]);
  const [api] = Object.values<{ scopes: { value: string }[] }>(resource[app]);
  expect(api?.scopes.map(({ value }) => value)).toEqual(["hello.read", "elsewhere"]);
});

test("a scope keeps its consent", () => {
  const { stack } = apiApp({
    scopes: [{ ...helloScope, requiresConsent: true }],
  });
  expect(onlyResource(stack, app).scopes).toMatchObject([{ requires_consent: true }]);
});
