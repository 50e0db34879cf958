import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { type Ords, otherReadings, startOrds } from "@ords-jwt/stand-ins/ords";
import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import { forgedTokens, type TokenKey } from "@ords-jwt/stand-ins/testing/forged-tokens";
import fc from "fast-check";
import oracledb from "oracledb";
import { Agent } from "undici";
import { checkToken } from "../oauth/checks";
import { decode } from "../oauth/decode";
import { NotATokenError, parseToken } from "../oauth/token";
import { type Row, Tally } from "./row";
import { watchFetch } from "./watched-fetch";

const expected = {
  issuer: "https://identity.oraclecloud.com/",
  audience: "https://hello.example.com/",
  scope: "hello.read",
};

type Verdicts = Record<"by verify" | "by decode" | "by the gateway", boolean>;

/** Tokens that are forged in every way we know of, and good ones in which a character is another one. */
export const tokens: Row = {
  name: "tokens",
  promise: "a forged token is accepted by nobody: not by `verify`, not by `token decode`, not by the gateway",
  async run(limit) {
    const tally = new Tally(["by verify", "by decode", "by the gateway", "good ones refused", "requests elsewhere"]);
    const [key, attacker] = [signingKey("key-1"), signingKey("other-tenant")];
    const judges = await startJudges(key, attacker);
    try {
      const { good, forged } = forgedTokens({ key, attacker, ...expected });
      const refused = Object.entries(await judges.verdicts(good())).filter(([, isAccepted]) => !isAccepted);
      tally.add("the token that the others are forged from", {
        "good ones refused": refused.length > 0 ? refused.map(([who]) => who).join(", ") : undefined,
      });
      const judge = async (what: string, token: string) => {
        const before = judges.strangers.length;
        const verdicts = Object.entries(await judges.verdicts(token));
        const accepted = verdicts.map(([who, isAccepted]) => [who, isAccepted ? "it was accepted" : undefined]);
        const elsewhere = judges.strangers.slice(before).join(", ") || undefined;
        tally.add(what, { ...Object.fromEntries(accepted), "requests elsewhere": elsewhere });
      };
      for (const [what, tokenOf] of Object.entries(forged)) await judge(what, tokenOf());
      const count = limit === undefined ? 5000 : 50;
      for (const [token, changed] of fc.sample(changes(good()), { numRuns: count, seed: 1 })) {
        if (changed !== token) await judge(`changed to ${changed}`, changed);
      }
      return tally.result();
    } finally {
      await judges.close();
    }
  },
};

/** A good token and the same with some characters replaced, taken out or put in. */
function changes(good: string): fc.Arbitrary<[string, string]> {
  const digit = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ ");
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(2), fc.string({ unit: digit, maxLength: 3 }));
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((all) => {
    const changed = all.reduce((token, [at, cut, put]) => `${token.slice(0, at)}${put}${token.slice(at + cut)}`, good);
    // What stands around a token is no part of it.
    return [good, changed.trim()];
  });
}

function signingKey(kid: string): TokenKey {
  const { privateKey, publicKey } = rsaKeys();
  return { privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" } };
}

/** Everybody who judges tokens, with the keys of one domain. */
async function startJudges(key: TokenKey, attacker: TokenKey) {
  const authority = await createCertificateAuthority();
  const tls = await authority.issue();
  const keys = JSON.stringify({ keys: [key.jwk, { ...attacker.jwk, use: "enc" }] });
  const jwksServer = createServer(tls, (_request, response) => response.end(keys)).listen(0, "127.0.0.1");
  await once(jwksServer, "listening");
  const origin = `https://localhost:${(jwksServer.address() as AddressInfo).port}`;
  const jwkUrl = `${origin}/jwk`;
  const password = "Correct-Horse-1";
  const roles = ["ORDS_ADMINISTRATOR_ROLE"];
  const users = [
    { name: "HELLO", password, connectThrough: true },
    { name: "ORDS_PUBLIC_USER", password, roles },
  ];
  const database = await startOracleDatabase(createDatabase({ users }));
  const { connectString } = database;
  await protect({ user: "HELLO", password, connectString }, jwkUrl);
  const gateways: Ords[] = [];
  for (const rules of [{}, Object.assign({}, ...otherReadings, { otherKeyUse: "refused" })]) {
    const connection = { user: "ORDS_PUBLIC_USER", password, connectString };
    const settings = { "security.jwks.refresh.interval": 3600 };
    gateways.push(
      await startOrds({ tls, ca: authority.certPem, connection, rules, settings, metadataCacheMillis: 3_600_000 }),
    );
  }
  const agent = new Agent({ connect: { ca: authority.certPem } });
  const watched = watchFetch(new Map([[origin, origin]]), agent);
  const call = async ({ url }: Ords, token: string) => {
    // What cannot stand in a header is not sent.
    if (/[^\x20-\x7e]/.test(token)) return false;
    const { statusCode, body } = await agent.request({
      origin: new URL(url).origin,
      path: "/ords/hello/me/name",
      method: "GET",
      headers: { authorization: `Bearer ${token}` },
    });
    await body.dump();
    return statusCode === 200;
  };
  const { scope, ...registered } = expected;
  return {
    strangers: watched.strangers,
    async verdicts(token: string): Promise<Verdicts> {
      const answers = await Promise.all(gateways.map((gateway) => call(gateway, token)));
      const ours = await judgedByUs(token, jwkUrl, { ...registered, scopes: [scope] });
      return { ...ours, "by the gateway": answers.includes(true) };
    },
    async close() {
      watched.restore();
      await agent.close();
      for (const gateway of gateways) await gateway.close();
      await database.close();
      jwksServer.closeAllConnections();
      await new Promise((resolve) => jwksServer.close(resolve));
    },
  };
}

async function judgedByUs(
  text: string,
  jwkUrl: string,
  registered: { issuer: string; audience: string; scopes: string[] },
): Promise<Omit<Verdicts, "by the gateway">> {
  try {
    const token = parseToken(text);
    const checks = await checkToken(token, jwkUrl, registered);
    const { signature, problems } = await decode(token, { ...registered, jwkUrl });
    return {
      "by verify": checks.every(({ ok }) => ok),
      "by decode": signature === "good" && problems.length === 0,
    };
  } catch (error) {
    if (!(error instanceof NotATokenError)) throw error;
    return { "by verify": false, "by decode": false };
  }
}

/** A schema with one module, closed to all but tokens with the scope. */
async function protect(login: oracledb.ConnectionAttributes, jwkUrl: string): Promise<void> {
  const { issuer, audience, scope } = expected;
  const connection = await oracledb.getConnection(login);
  try {
    await connection.execute(
      `DECLARE
         l_roles owa.vc_arr;
         l_patterns owa.vc_arr;
         l_modules owa.vc_arr;
       BEGIN
         ORDS.ENABLE_SCHEMA(p_url_mapping_pattern => 'hello');
         ORDS.DEFINE_MODULE(p_module_name => 'me', p_base_path => '/me/', p_status => 'PUBLISHED');
         ORDS.DEFINE_TEMPLATE(p_module_name => 'me', p_pattern => 'name');
         ORDS.DEFINE_HANDLER(p_module_name => 'me', p_pattern => 'name', p_method => 'GET',
           p_source_type => 'json/item', p_source => 'SELECT ''secret'' AS answer FROM dual');
         ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => :issuer, p_audience => :audience, p_jwk_url => :jwk_url);
         l_modules(1) := 'me';
         ORDS.DEFINE_PRIVILEGE(p_privilege_name => :scope, p_roles => l_roles, p_patterns => l_patterns,
           p_modules => l_modules);
       END;`,
      { issuer, audience, jwk_url: jwkUrl, scope },
      { autoCommit: true },
    );
  } finally {
    await connection.close();
  }
}
