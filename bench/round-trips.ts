/** Counts what `register` sends to the database, after the login: run with `npx tsx bench/round-trips.ts`. */

import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { register } from "../ords/database/apply";
import type { Desired } from "../ords/model";
import { desiredState } from "../ords/plan/desired";

function desired(count: number, label: string): Desired {
  const domainUrl = "https://idcs.example.com:443";
  return desiredState({
    version: 1,
    stack: "bench",
    schema: "HR",
    profile: {
      issuer: "https://identity.oraclecloud.com/",
      audience: "https://hr.example.com/",
      jwkUrl: `${domainUrl}/admin/v1/SigningCert/jwk`,
      description: "Tokens of the bench",
    },
    privileges: Array.from({ length: count }, (_, index) => ({
      name: `hr.scope${index}`,
      label,
      description: "Call this part of the API",
      roles: [],
      modules: [],
      patterns: [`/part${index}`, `/part${index}/*`],
    })),
    client: {
      clientId: "bench",
      domainUrl,
      tokenEndpoint: `${domainUrl}/oauth2/v1/token`,
      authorizationEndpoint: `${domainUrl}/oauth2/v1/authorize`,
      grants: [],
      redirectUris: [],
      scopes: [],
    },
    users: [],
  });
}

async function measure(count: number) {
  let requests = 0;
  const database = await startOracleDatabase(createDatabase({ users: [{ name: "HR", password: "hr" }] }), {
    onRequest: () => {
      requests += 1;
      return undefined;
    },
  });
  const connection = await oracledb.getConnection({
    user: "HR",
    password: "hr",
    connectString: database.connectString,
  });
  await connection.execute("BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;");
  const run = async (label: string) => {
    requests = 0;
    const start = performance.now();
    await register(connection, desired(count, label), { show: () => {}, save: () => {} });
    return { requests, milliseconds: Math.round(performance.now() - start) };
  };
  const runs = [
    ["everything new", await run("first")],
    ["unchanged", await run("first")],
    ["every label changed", await run("second")],
  ] as const;
  await connection.close();
  await database.close();
  for (const [what, { requests, milliseconds }] of runs) {
    // What one statement per call, each with its own commit and no way back, would send at the least.
    const oneByOne = what === "unchanged" ? "" : `  (a call each: ${count + 2} and reads)`;
    console.log(
      `${String(count).padStart(5)}  ${what.padEnd(20)} ${String(requests).padStart(4)} round trips${oneByOne}  ${milliseconds} ms`,
    );
  }
}

async function main(): Promise<void> {
  console.log("privileges, run, round trips after the login (the time is that of the stand-in)");
  for (const count of [1, 100, 1000]) await measure(count);
}

main();
