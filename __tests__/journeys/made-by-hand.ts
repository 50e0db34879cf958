import { createSigner, domainDetails, patchOp, signedHeaders } from "@ords-jwt/stand-ins/testing/oci";
import oracledb from "oracledb";
import { Agent, request } from "undici";
import type { StandIns } from "../../local/stand-ins";

const core = "urn:ietf:params:scim:schemas:core:2.0";
const idcs = "urn:ietf:params:scim:schemas:oracle:idcs";

/**
 * What the reader of Oracle's tutorial has in the end, made by plain calls of SCIM and PL/SQL as the consoles make them: a domain, a user
 * in a group that may use a confidential application, a program as another client, and a schema with a module, a JWT profile and a privilege.
 */
export class MadeByHand {
  readonly audience = "https://greetings.example.com/";
  readonly agent: Agent;
  private readonly signer = createSigner();
  domain!: { id: string; url: string };
  app!: { id: string; name: string; clientSecret: string };

  constructor(
    private readonly standIns: StandIns,
    ca: string,
  ) {
    this.agent = new Agent({ connect: { ca } });
  }

  async make(): Promise<this> {
    await this.send("POST", `${this.standIns.oci.url}/20160918/domains`, {
      ...domainDetails(),
      displayName: "tutorial",
    });
    for (;;) {
      const [domain] = this.standIns.oci.domains();
      if (domain?.lifecycleState === "ACTIVE") {
        this.domain = domain;
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { url } = this.domain;
    await this.send("PATCH", `${url}/admin/v1/Settings/Settings`, {
      schemas: [patchOp],
      Operations: [{ op: "replace", path: "signingCertPublicAccess", value: true }],
    });
    const user = await this.scim("Users", {
      schemas: [`${core}:User`],
      userName: "alice",
      name: { givenName: "Alice", familyName: 'O"Neil ${path.module}' },
      emails: [{ type: "work", value: "alice@example.com", primary: true }],
    });
    const group = await this.scim("Groups", {
      schemas: [`${core}:Group`],
      displayName: "Greeters",
      members: [{ type: "User", value: user.id }],
    });
    this.app = await this.scim("Apps", {
      schemas: [`${idcs}:App`],
      displayName: "greetings-api",
      active: true,
      basedOnTemplate: { value: "CustomWebAppTemplateId" },
      clientType: "confidential",
      isOAuthClient: true,
      isOAuthResource: true,
      audience: this.audience,
      scopes: [{ value: "greetings.read", displayName: "Read", description: "Reads `greetings` */ of ${everybody}" }],
      allowedGrants: ["client_credentials", "authorization_code"],
      redirectUris: ["https://oauth.pstmn.io/v1/callback"],
      allowedScopes: [{ fqs: `${this.audience}greetings.read` }],
    });
    await this.scim("Grants", {
      schemas: [`${idcs}:Grant`],
      grantMechanism: "ADMINISTRATOR_TO_GROUP",
      grantee: { type: "Group", value: group.id },
      app: { value: this.app.id },
    });
    await this.scim("Apps", {
      schemas: [`${idcs}:App`],
      displayName: "nightly-report",
      active: true,
      basedOnTemplate: { value: "CustomWebAppTemplateId" },
      clientType: "confidential",
      isOAuthClient: true,
      allowedGrants: ["client_credentials"],
      allowedScopes: [{ fqs: `${this.audience}greetings.read` }],
    });
    await this.sql(
      `BEGIN
        ORDS.ENABLE_SCHEMA;
        ORDS.DEFINE_MODULE(p_module_name => 'greetings.v1', p_base_path => '/greetings/');
        ORDS.DEFINE_TEMPLATE(p_module_name => 'greetings.v1', p_pattern => 'all');
        ORDS.DEFINE_HANDLER(p_module_name => 'greetings.v1', p_pattern => 'all', p_method => 'GET',
          p_source_type => ORDS.source_type_collection_feed, p_source => 'SELECT ''hello'' AS greeting FROM dual');
      END;`,
      `DECLARE
        l_roles owa.vc_arr; l_patterns owa.vc_arr; l_modules owa.vc_arr;
      BEGIN
        l_modules(1) := 'greetings.v1';
        ORDS.DEFINE_PRIVILEGE(p_privilege_name => 'greetings.read', p_roles => l_roles, p_patterns => l_patterns,
          p_modules => l_modules, p_label => 'Greetings', p_description => 'Read greetings');
        ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => 'https://identity.oraclecloud.com/', p_audience => '${this.audience}',
          p_jwk_url => '${url}/admin/v1/SigningCert/jwk', p_description => 'From the tutorial');
      END;`,
    );
    return this;
  }

  get apiUrl(): string {
    return `${this.standIns.ords.url}/hello/greetings/all`;
  }

  /** A token by client credentials. */
  async token(): Promise<string> {
    const { body } = await request(`${this.domain.url}/oauth2/v1/token`, {
      method: "POST",
      dispatcher: this.agent,
      headers: {
        authorization: `Basic ${Buffer.from(`${this.app.name}:${this.app.clientSecret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        scope: `${this.audience}greetings.read`,
      }).toString(),
    });
    return ((await body.json()) as { access_token: string }).access_token;
  }

  /** What the API answers to a call. */
  async call(token?: string): Promise<number> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const { statusCode, body } = await request(this.apiUrl, { dispatcher: this.agent, headers });
    await body.dump();
    return statusCode;
  }

  /** All that is there, on both sides. */
  async everything(): Promise<unknown> {
    const resources = ["Apps", "Grants", "Groups", "Users", "Settings"].map((collection) =>
      this.send("GET", `${this.domain.url}/admin/v1/${collection}?attributeSets=all`),
    );
    const rows: unknown[] = [];
    for (const view of ["jwt_profile", "privileges", "modules", "privilege_modules"]) {
      await this.connected(async (connection) =>
        rows.push((await connection.execute(`SELECT * FROM user_ords_${view}`)).rows),
      );
    }
    return { resources: await Promise.all(resources), rows };
  }

  private async connected(work: (connection: oracledb.Connection) => Promise<unknown>): Promise<void> {
    const { name: user, password } = this.standIns.user;
    const { connectString } = this.standIns.database;
    const connection = await oracledb.getConnection({ user, password, connectString });
    try {
      await work(connection);
      await connection.commit();
    } finally {
      await connection.close();
    }
  }

  async sql(...blocks: string[]): Promise<void> {
    await this.connected(async (connection) => {
      for (const block of blocks) await connection.execute(block);
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every form
  scim(collection: string, content: object): Promise<any> {
    return this.send("POST", `${this.domain.url}/admin/v1/${collection}`, content);
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every form
  async send(method: "GET" | "POST" | "PATCH", url: string, content?: object): Promise<any> {
    const text = content ? JSON.stringify(content) : "";
    const headers = signedHeaders(this.signer, method, new URL(url), text);
    const { statusCode, body } = await request(url, {
      method,
      headers,
      body: text || undefined,
      dispatcher: this.agent,
    });
    const answer = await body.text();
    if (statusCode >= 300) throw new Error(`${method} ${url}: ${statusCode} ${answer}`);
    return answer && JSON.parse(answer);
  }

  close(): Promise<void> {
    return this.agent.close();
  }
}
