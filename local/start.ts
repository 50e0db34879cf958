import "../scripts/node-version";
import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { missingTerraform } from "../config/terraform";
import { stopRunning } from "../scripts/terraform/run";
import { back, forward, type Place, type Step, sampleUrl } from "./journey";
import { shellScript } from "./shell-script";
import { type StandIns, startStandIns } from "./stand-ins";

/** `npm start`: from nothing to a protected API call and back to nothing, on this machine. */
async function main(): Promise<void> {
  process.umask(0o077);
  const { keep, empty, provider } = options();
  const missing = missingTerraform();
  if (missing !== undefined) {
    console.error(`error: ${missing}`);
    process.exit(3);
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ords-jwt-")));
  const logFile = join(folder, "journey.log");
  const interrupted = new Promise<"interrupted">((resolve) => process.once("SIGINT", () => resolve("interrupted")));
  const number = counter();
  let standIns: StandIns | undefined;
  try {
    const begin = async () => {
      standIns = await show(`${number()} Start the stand-ins`, () =>
        startStandIns(folder, { provider, project: !empty }),
      );
      const log = (line: string) => appendFileSync(logFile, `${line}\n`);
      const place: Place = { folder, standIns, say: indented, log };
      for (const [name, url] of Object.entries(addresses(standIns))) indented(`${name.padEnd(10)} ${url}`);
      for (const step of empty ? [] : forward) await take(`${number()} ${step.title}`, step, place);
      return place;
    };
    const place = await orInterrupted(begin(), interrupted);
    if (empty) {
      explainEmpty(place);
      await interrupted;
      return;
    }
    if (keep) {
      explain(place);
      await interrupted;
    }
    for (const step of back) await take(`${number()} ${step.title}`, step, place);
    console.log(pc.green("\ndone: the whole journey worked"));
  } catch (error) {
    stopRunning();
    console.error(pc.red(`\nfailed: ${(error as Error).message}`));
    console.error(`all that was printed: ${logFile}`);
    process.exitCode = 1;
  } finally {
    await standIns?.close();
    if (!process.exitCode) rmSync(folder, { recursive: true });
  }
}

function options(): { keep: boolean; empty: boolean; provider: "stand-in" | "real" } {
  try {
    const { values } = parseArgs({
      options: { keep: { type: "boolean" }, empty: { type: "boolean" }, provider: { type: "string" } },
    });
    const { keep = false, empty = false, provider = "stand-in" } = values;
    if (keep && empty) throw new Error("--empty keeps everything running by itself: leave --keep out");
    if (provider !== "stand-in" && provider !== "real") throw new Error(`unknown provider "${provider}"`);
    return { keep, empty, provider };
  } catch (error) {
    console.error(
      `error: ${(error as Error).message}\nusage: npm start -- [--keep | --empty] [--provider stand-in|real]`,
    );
    process.exit(2);
  }
}

async function take(heading: string, step: Step, place: Place): Promise<void> {
  await show(heading, () => step.run(place));
}

/** Runs a step under its heading and shows how long it took; an error names the step. */
async function show<T>(heading: string, step: () => Promise<T>): Promise<T> {
  console.log(pc.bold(`\n${heading}`));
  const begin = performance.now();
  try {
    const result = await step();
    indented(pc.dim(`${((performance.now() - begin) / 1000).toFixed(1)} s`));
    return result;
  } catch (error) {
    throw new Error(`step "${heading}": ${(error as Error).message}`, { cause: error });
  }
}

async function orInterrupted<T>(work: Promise<T>, interrupted: Promise<"interrupted">): Promise<T> {
  const first = await Promise.race([work, interrupted]);
  if (first === "interrupted") throw new Error("interrupted");
  return first as T;
}

/** Writes what another terminal needs. */
function writeEnvironment({ folder, standIns }: Place): string {
  const file = join(folder, "environment.sh");
  // The other terminal is a person's, and may have other variables than this one.
  const { CI: _ci, NO_COLOR: _color, ...variables } = standIns.variables;
  writeFileSync(file, shellScript(variables));
  return file;
}

function explainEmpty(place: Place): void {
  console.log(`
The stand-ins are running, with nothing in them. In another terminal, in a project with the environment local (npx ords-jwt init --local):

  . ${writeEnvironment(place)}
  npx ords-jwt deploy local --sample-api
  npx ords-jwt verify local --url ${sampleUrl(place.standIns)}

Ctrl-C ends them, and all that is in them.`);
}

function explain(place: Place): void {
  const { folder, standIns } = place;
  const { name, password } = standIns.user;
  const user = standIns.oci.domains()[0]?.users()[0];
  writeEnvironment(place);
  console.log(`
Everything is running. In another terminal:

  cd ${folder} && . ./environment.sh
  npx ords-jwt register local --plan
  npx ords-jwt verify local --url ${sampleUrl(standIns)}
  curl --cacert ca.pem -H "Authorization: Bearer $(npx ords-jwt token local --grant client_credentials)" ${sampleUrl(standIns)}
  npx ords-jwt token local                              # signs in with the browser
  npx ords-jwt doctor local --url ${sampleUrl(standIns)}
  npx cdktf diff local

  protected API   ${sampleUrl(standIns)}
  database        ${standIns.database.connectString}, user ${name}, password ${password}
  user            ${user?.userName}, who first chooses a password at ${user?.activationUrl}
  browser         it will warn of an unknown authority: the certificates are signed by ca.pem, which only this folder trusts

Ctrl-C unregisters, destroys and ends.`);
}

function addresses({ oci, database, ords }: StandIns): Record<string, string> {
  return { OCI: oci.url, database: database.connectString, ORDS: ords.url };
}

function counter(): () => string {
  let count = 0;
  return () => `${++count}.`;
}

function indented(line: string): void {
  console.log(`   ${line}`);
}

main();
