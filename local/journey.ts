import oracledb from "oracledb";
import { readActual } from "../ords/database/read";
import { run } from "../scripts/terraform/run";
import { managedResources } from "../scripts/terraform/state";
import type { StandIns } from "./stand-ins";

/** One thing that a user would do, and what is worth seeing of it. */
export interface Step {
  readonly title: string;
  run(at: Place): Promise<void>;
}

/** Where a step runs and how it shows what happens. */
export interface Place {
  readonly folder: string;
  readonly standIns: StandIns;
  /** Shows a line to the user. */
  readonly say: (line: string) => void;
  /** Keeps a line for when something fails. */
  readonly log: (line: string) => void;
}

/** A step did not do what it should; the message names what it printed last. */
class StepFailed extends Error {}

const cdktf = ["node_modules/.bin/cdktf"];
const ordsJwt = ["scripts/ords-jwt.js"];
/** Offline, cdktf can neither ask the public registry for checksums nor need to. */
const offline = ["--auto-approve", "--skip-provider-lock", "--no-color"];
/** What cdktf and Terraform print for a person who only wants to know how far they are. */
const progress =
  /(Creating\.\.\.|Creation complete|Destroying\.\.\.|Destruction complete|is inactive|complete!|\bError:|\berror:)/;

export function sampleUrl(standIns: StandIns): string {
  return `${standIns.ords.url}/hello/hello/me`;
}

/** From nothing to a protected API call. */
export const forward: readonly Step[] = [
  {
    title: "Deploy: cdktf deploy local",
    run: (at) => node(at, [...cdktf, "deploy", "local", ...offline], { show: progress }),
  },
  {
    title: "Register: ords-jwt register local --sample-api",
    run: (at) => node(at, [...ordsJwt, "register", "local", "--sample-api"]),
  },
  {
    title: "Register again: ords-jwt register local",
    run: (at) => node(at, [...ordsJwt, "register", "local"]),
  },
  {
    title: "Prove: ords-jwt verify local",
    run: (at) => node(at, [...ordsJwt, "verify", "local", "--url", sampleUrl(at.standIns)]),
  },
];

/** From there back to nothing. */
export const back: readonly Step[] = [
  {
    title: "Unregister: ords-jwt unregister local --sample-api",
    run: (at) => node(at, [...ordsJwt, "unregister", "local", "--sample-api"]),
  },
  {
    title: "Destroy: cdktf destroy local",
    run: (at) =>
      node(at, [...cdktf, "destroy", "local", ...offline.filter((flag) => !flag.includes("lock"))], { show: progress }),
  },
  { title: "Nothing is left", run: nothingIsLeft },
];

/** @throws StepFailed naming what is left in Terraform's state, OCI or the schema */
export async function nothingIsLeft({
  folder,
  standIns,
  say,
}: Pick<Place, "folder" | "standIns" | "say">): Promise<void> {
  const resources = await managedResources("local", { cwd: folder, env: standIns.environment });
  if (resources.length > 0)
    throw new StepFailed(`left in the Terraform state: ${resources.map(({ address }) => address).join(", ")}`);
  say("Terraform: the state holds no resource");
  const domains = standIns.oci.domains();
  if (domains.length > 0)
    throw new StepFailed(`identity domains are left: ${domains.map((d) => d.displayName).join(", ")}`);
  say("OCI: no identity domain, so no app and no user either");

  const { name: user, password } = standIns.user;
  const connection = await oracledb.getConnection({ user, password, connectString: standIns.database.connectString });
  try {
    const { profile, privileges, modules } = await readActual(connection);
    const left = [
      profile && "a JWT profile",
      // An enabled schema has some of ORDS itself.
      ...privileges.filter(({ name }) => !name.startsWith("oracle.")).map(({ name }) => `privilege ${name}`),
      ...modules.map(({ name }) => `module ${name}`),
    ];
    if (left.some(Boolean)) throw new StepFailed(`left in schema ${user}: ${left.filter(Boolean).join(", ")}`);
    say(`ORDS: schema ${user} has no JWT profile, no privilege, no module`);
  } finally {
    await connection.close();
  }
}

async function node(at: Place, args: string[], { show = /./ }: { show?: RegExp } = {}): Promise<void> {
  const { code, how, lines } = await run(process.execPath, args, {
    cwd: at.folder,
    env: at.standIns.environment,
    onLine(line) {
      at.log(line);
      if (show.test(line)) at.say(line);
    },
  });
  if (code !== 0) throw new StepFailed(`${how}:\n${lines.join("\n")}`);
}
