import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import oracledb from "oracledb";
import { Agent } from "undici";
import { createCertificateAuthority } from "../../certificates";
import { createDatabase } from "../../oracle-database/engine";
import { startOracleDatabase } from "../../oracle-database/server";
import type { RefusalReason } from "../../ords/refusal";
import { type OrdsOptions, startOrds } from "../../ords/server";
import { rsaKeys } from "../../rsa-keys";

/** A JWS of exactly this header and payload, however wrong they are. */
export { signToken as sign } from "../../testing/forged-tokens";

export const issuer = "https://identity.oraclecloud.com/";
export const audience = "ords/hr/";

export type Key = { kid: string; privateKey: KeyObject; jwk: Record<string, unknown> };

/** An RSA key with the JWK of its public half. */
export function createKey(kid: string): Key {
  const { privateKey, publicKey } = rsaKeys();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" } };
}

/** Stops the clock, so that no test of tokens hangs on how fast the machine is. */
export function stopClock(): void {
  // At a whole second, as the times in tokens are: what holds for one of them to the second is tried at its very edge.
  const stopped = Math.floor(Date.now() / 1000) * 1000;
  beforeEach(() => {
    jest.spyOn(Date, "now").mockReturnValue(stopped);
  });
}

export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** A database with the REST-enabled schema HR and the users OTHER and LOCKED (which the gateway cannot connect to), a JWKS server and a gateway. */
export async function startScenario(options: Partial<OrdsOptions> & { ordsVersion?: string } = {}) {
  const authority = await createCertificateAuthority();
  const tls = await authority.issue();

  const jwks = { body: "", requests: 0 };
  const jwksServer = createServer(tls, (_, response) => {
    jwks.requests += 1;
    response.end(jwks.body);
  }).listen(0, "127.0.0.1");
  await once(jwksServer, "listening");
  const jwkUrl = `https://localhost:${(jwksServer.address() as AddressInfo).port}/admin/v1/SigningCert/jwk`;

  const password = "Correct-Horse-1";
  const database = await startOracleDatabase(
    createDatabase({
      ordsVersion: options.ordsVersion,
      users: [
        { name: "HR", password, connectThrough: true },
        { name: "OTHER", password, connectThrough: true },
        { name: "LOCKED", password },
        { name: "ORDS_PUBLIC_USER", password, roles: ["ORDS_ADMINISTRATOR_ROLE"] },
      ],
    }),
  );
  const { connectString } = database;

  /** Runs a block in a session of the user and commits. */
  async function run(plsql: string, binds: Record<string, unknown> = {}, user = "HR"): Promise<void> {
    const connection = await oracledb.getConnection({ user, password, connectString });
    try {
      await connection.execute(plsql, binds as oracledb.BindParameters, { autoCommit: true });
    } finally {
      await connection.close();
    }
  }
  await run("BEGIN ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'hr'); END;");

  const connection = { user: "ORDS_PUBLIC_USER", password, connectString };
  const agent = new Agent({ connect: { ca: authority.certPem } });

  const opened: { close(): Promise<void> }[] = [];

  /** A gateway to the database, with a caller of it; it is closed with the scenario. */
  async function open(more: Partial<OrdsOptions>) {
    const refusals: RefusalReason[] = [];
    const ords = await startOrds({
      tls,
      ca: authority.certPem,
      connection,
      metadataCacheMillis: 0,
      onRefusal: (reason) => refusals.push(reason),
      ...more,
      settings: { "security.jwks.refresh.interval": 0, ...more.settings },
    });
    opened.push(ords);
    return {
      url: ords.url,
      /** @param target path and query below `/ords/hr` */
      async call(target: string, { token, method = "GET", headers = {}, body }: Call = {}) {
        refusals.length = 0;
        const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const response = await agent.request({
          origin: new URL(ords.url).origin,
          path: `/ords/hr${target}`, // sent as it is
          method,
          headers: { accept: "application/json", ...authorization, ...headers },
          body,
        });
        const text = await response.body.text();
        return { status: response.statusCode, headers: response.headers, text, refusals: [...refusals] };
      },
    };
  }
  const first = await open(options);

  return {
    run,
    jwks,
    jwkUrl,
    connection,
    url: first.url,
    call: first.call,

    /** Another gateway to the same database. */
    open,

    /** Publishes keys as the JWKS. */
    publish(...keys: unknown[]) {
      jwks.body = JSON.stringify({ keys });
    },

    /** Replaces the JWT profile of HR. */
    async profile(profile: Partial<{ skew: number; age: number; roles: string; jwkUrl: string }> = {}) {
      await run(
        `BEGIN
           ORDS_SECURITY.DELETE_JWT_PROFILE;
           ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => :issuer, p_audience => :audience, p_jwk_url => :jwk_url,
             p_allowed_skew => :skew, p_allowed_age => :age, p_role_claim_name => :roles);
         END;`,
        {
          issuer,
          audience,
          jwk_url: profile.jwkUrl ?? jwkUrl,
          skew: profile.skew ?? null,
          age: profile.age ?? null,
          roles: profile.roles ?? null,
        },
      );
    },

    /** Publishes a module with one template and a handler. */
    async module(name: string, template: string, source: string, settings: ModuleSettings = {}) {
      const { sourceType = "json/item", itemsPerPage = 25, status = "PUBLISHED", method = "GET" } = settings;
      await run(
        `BEGIN
           ORDS.DEFINE_MODULE(p_module_name => :name, p_base_path => :base_path, p_items_per_page => :items,
             p_status => :status);
           ORDS.DEFINE_TEMPLATE(p_module_name => :name, p_pattern => :template);
           ORDS.DEFINE_HANDLER(p_module_name => :name, p_pattern => :template, p_method => :method,
             p_source_type => :source_type, p_source => :source);
         END;`,
        {
          name,
          base_path: settings.basePath ?? `/${name}/`,
          items: itemsPerPage,
          status,
          template,
          method,
          source_type: sourceType,
          source,
        },
      );
    },

    /** Defines a privilege, with at most one of each: role, module, pattern. */
    async privilege(name: string, protect: { role?: string; module?: string; pattern?: string }) {
      const { role = null, module = null, pattern = null } = protect;
      await run(
        `DECLARE
           l_roles owa.vc_arr;
           l_patterns owa.vc_arr;
           l_modules owa.vc_arr;
         BEGIN
           IF :role IS NOT NULL THEN l_roles(1) := :role; END IF;
           IF :pattern IS NOT NULL THEN l_patterns(1) := :pattern; END IF;
           IF :module IS NOT NULL THEN l_modules(1) := :module; END IF;
           ORDS.DEFINE_PRIVILEGE(p_privilege_name => :name, p_roles => l_roles, p_patterns => l_patterns,
             p_modules => l_modules);
         END;`,
        { name, role, module, pattern },
      );
    },

    async close() {
      await agent.close();
      await Promise.all(opened.map((gateway) => gateway.close()));
      await database.close();
      jwksServer.close();
      jwksServer.closeAllConnections();
      await once(jwksServer, "close");
    },
  };
}

interface ModuleSettings {
  sourceType?: string;
  itemsPerPage?: number;
  status?: "PUBLISHED" | "NOT_PUBLISHED";
  /** @default "GET" */
  method?: string;
  /** @default the name between slashes */
  basePath?: string;
}

interface Call {
  token?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export type Scenario = Awaited<ReturnType<typeof startScenario>>;
