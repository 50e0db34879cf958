import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { decodeJwt } from "jose";
import oracledb from "oracledb";
import { Stack } from "../__tests__/journeys/lifecycle";
import { stateOf, watched } from "../__tests__/ords/database";
import { helloOutput } from "../__tests__/ords/hello";
import { audience, Deployed } from "../__tests__/scripts/deployed";
import local from "../environments/local";
import { clientCredentialsToken } from "../oauth/client-credentials";
import { register } from "../ords/database/apply";
import { desiredState } from "../ords/plan/desired";
import { type Row, Tally } from "./row";

/** How much more memory may be held at the end than after the first few, in MB. */
const mayGrow = 32;

export const load: Row = {
  name: "load",
  promise:
    "1,000 tokens, ten registers at once on three schemas, three environments deployed and destroyed at once: no error, nothing of one in the other, memory bounded",
  async run(limit) {
    const tally = new Tally(["error", "cross-talk", "memory"]);
    await tokens(tally, limit ?? 1000);
    await registers(tally, limit ?? 10);
    // Terraform takes too long for a few cases.
    if (limit === undefined) await environments(tally);
    return tally.result();
  },
};

/** Tokens for two scopes in turn, twenty requests at a time. */
async function tokens(tally: Tally, count: number): Promise<void> {
  const deployed = await Deployed.start();
  const { tokenEndpoint, clientId } = deployed.outputs.client;
  const seen = new Set<unknown>();
  let [asked, before] = [0, 0];
  const ask = async () => {
    while (asked < count) {
      const scope = `hello.${asked % 2 === 0 ? "read" : "write"}`;
      if (++asked === Math.min(100, count)) before = held();
      const request = { tokenEndpoint, clientId, clientSecret: deployed.clientSecret, scopes: [audience + scope] };
      const found = await clientCredentialsToken(request).catch((error: Error) => error);
      if (found instanceof Error) {
        tally.add(`token ${asked}`, { error: found.message });
        continue;
      }
      const claims = decodeJwt(found.accessToken);
      const isOwn = claims.scope === scope && !seen.has(claims.jti);
      seen.add(claims.jti);
      tally.add(`token ${asked}`, { "cross-talk": isOwn ? undefined : `a token for ${claims.scope}, ${claims.jti}` });
    }
  };
  try {
    await Promise.all(Array.from({ length: 20 }, ask));
    const grown = held() - before;
    tally.add(`memory after ${count} tokens`, { memory: grown <= mayGrow ? undefined : `${grown.toFixed(1)} MB more` });
    if (count === 1000) {
      const peak = process.resourceUsage().maxRSS / 1024;
      tally.note(`${count} tokens: less than ${mayGrow} MB more held at the end than after 100, stand-in included`);
      tally.note(`at most ${Math.ceil(peak / 100) * 100} MB used by product and stand-ins together`);
    }
  } finally {
    await deployed.close();
  }
}

/** Memory in use, in MB, without what is garbage. */
function held(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

const schemas = ["ONE", "TWO", "THREE"];

/** A schema's own stack. */
const wantedOf = (schema: string) =>
  desiredState({
    ...helloOutput,
    stack: schema.toLowerCase(),
    schema,
    profile: { ...helloOutput.profile, audience: `https://${schema.toLowerCase()}.example.com/` },
  });

/** Those on one schema want the same; one that lost the race says so, and is run again as it advises. */
async function registers(tally: Tally, count: number): Promise<void> {
  const engine = createDatabase({ users: schemas.map((name) => ({ name, password: name })) });
  const database = await startOracleDatabase(engine);
  const connect = (user: string) =>
    oracledb.getConnection({ user, password: user, connectString: database.connectString });
  let again = 0;
  const one = async (index: number) => {
    const schema = schemas[index % schemas.length]!;
    const connection = await connect(schema);
    try {
      for (;;) {
        try {
          await register(connection, wantedOf(schema), watched({ sampleApi: true }).run);
          return tally.add(`register ${index} of ${schema}`, { error: undefined });
        } catch (error) {
          const isRace = /ORA-(08177|00001|00054)/.test(String((error as Error).cause));
          if (!isRace) return tally.add(`register ${index} of ${schema}`, { error: (error as Error).message });
          again += 1;
        }
      }
    } finally {
      await connection.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
    for (const schema of schemas.slice(0, count)) {
      const connection = await connect(schema);
      const { profile, privileges } = await stateOf(connection);
      await connection.close();
      const wanted = wantedOf(schema);
      const isOwn = profile?.audience === wanted.profile.audience && privileges.length === wanted.privileges.length;
      tally.add(`schema ${schema}`, { "cross-talk": isOwn ? undefined : JSON.stringify({ profile, privileges }) });
    }
    if (count === 10)
      tally.note(`10 registers at once on 3 schemas: ${again > 0 ? "some" : "none"} lost the race and ran again`);
  } finally {
    await database.close();
  }
}

/** Three stacks in one tenancy, by Terraform. */
async function environments(tally: Tally): Promise<void> {
  const first = await Stack.open({}, "one");
  const stacks = [first, first.elsewhere("two"), first.elsewhere("three")];
  const everywhere = async (what: string, work: (stack: Stack) => Promise<unknown>) => {
    const results = await Promise.allSettled(stacks.map(work));
    for (const [index, result] of results.entries()) {
      const error = result.status === "rejected" ? String(result.reason) : undefined;
      tally.add(`${what} ${stacks[index]!.name}`, { error });
    }
  };
  try {
    await everywhere("deploy", (stack) =>
      stack.deploy({
        ...local,
        domain: { ...local.domain!, displayName: stack.name },
        app: { ...local.app, displayName: `api-${stack.name}` },
      }),
    );
    for (const domain of first.bench.oci.domains()) {
      const foreign = domain
        .apps()
        .filter(
          ({ displayName }) => displayName.startsWith("api-") && !displayName.startsWith(`api-${domain.displayName}`),
        );
      const what = foreign.map(({ displayName }) => displayName).join(", ");
      tally.add(`domain ${domain.displayName}`, { "cross-talk": what || undefined });
    }
    await everywhere("destroy", (stack) => stack.ok("destroy", "-no-color", "-auto-approve", "-input=false"));
    const left = first.bench.oci.domains().length;
    tally.add("after the last destroy", { error: left === 0 ? undefined : `${left} domains are left` });
  } finally {
    await first.close();
  }
}
