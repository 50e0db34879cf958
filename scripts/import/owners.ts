import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { ownerIn } from "../../ords/ownership";
import { PlanError } from "../../ords/plan/refusals";
import type { Found } from "./found";
import { type Notes, quoted } from "./notes";
import { ownerOf } from "./people";

/**
 * Refuses what another stack owns already: both would change it in turn.
 * @param notes is told what cannot be known
 * @throws PlanError naming the stack
 */
export function requireFree({ app, schema }: Found, name: string, notes: Notes): void {
  const what = `app ${quoted(app.displayName)} (${app.id})`;
  const tagged = ownerOf(app, name);
  if (tagged !== undefined) throw owned(what, tagged, "its tag says so");
  for (const other of environmentNames().filter((each) => each !== name)) {
    if (isInState(other, app.id)) throw owned(what, other, `state/${other}.tfstate says so`);
    try {
      if (environment(other).imports?.app === app.id)
        throw owned(what, other, `environments/${other}.ts takes it over`);
    } catch (error) {
      if (error instanceof PlanError) throw error;
      const means = `whether it is to take over the same app cannot be told`;
      notes.add("first", `environments/${other}.ts cannot be read`, means, `npx ords-jwt diff ${other} says why`);
    }
  }
  const registered = [schema.profile?.description, ...schema.privileges.map(({ comments }) => comments)].map(ownerIn);
  const owner = registered.find((each) => each !== undefined && each !== name);
  if (owner !== undefined) {
    throw owned(`the JWT profile or a privilege of schema ${schema.schema}`, owner, "its ownership marker says so");
  }
}

function owned(what: string, stack: string, reason: string): PlanError {
  return new PlanError(
    `stack ${stack} owns ${what}, ${reason}: change environments/${stack}.ts, or let go of it there first (npx ords-jwt unregister ${stack}; terraform state rm)`,
  );
}

/** Whether a local state holds the app, be it that nothing was deployed since. */
function isInState(stack: string, appId: string): boolean {
  const file = join("state", `${stack}.tfstate`);
  if (!existsSync(file)) return false;
  const { resources = [] } = JSON.parse(readFileSync(file, "utf8"));
  return (resources as { type: string; instances?: { attributes?: { id?: unknown } }[] }[]).some(
    ({ type, instances = [] }) =>
      type === "oci_identity_domains_app" && instances.some(({ attributes }) => attributes?.id === appId),
  );
}
