import { Failure } from "../../errors";
import type { Actual, Desired } from "../model";
import { hasRoleClaim } from "../version";
import type { Plan } from "./entries";

/** One thing that stands in the way of a plan. */
export interface Blocker {
  /** What would happen, and to what, or what is missing. */
  readonly what: string;
  /** What to do instead; left out where `what` says it. */
  readonly avoid?: string;
  /** The flag that agrees to it; left out where none does. */
  readonly flag?: "--adopt" | "--allow-replace" | "--expose";
}

/** The plan cannot be carried out as things are; the message says what stands in the way, a line each. */
export class PlanError extends Failure {
  readonly code = "blocked";
  readonly blockers: readonly Blocker[];

  constructor(reason: string | readonly Blocker[]) {
    const blockers = typeof reason === "string" ? [{ what: reason }] : reason;
    super(blockers.map(inWords).join("\n"));
    this.blockers = blockers;
  }
}

function inWords({ what, avoid, flag }: Blocker): string {
  const remedies = [...(avoid ? [avoid] : []), ...(flag ? [`repeat with ${flag}`] : [])];
  return remedies.length > 0 ? `${what}: ${remedies.join(", or ")}` : what;
}

/** What a caller may explicitly agree to. */
export interface Allowed {
  /** Take over a profile or privileges that the stack did not make. @default false */
  readonly adopt?: boolean;
  /** Leave something public that is protected now. @default false */
  readonly expose?: boolean;
}

/**
 * Refuses what a plan must not do unless it was asked for.
 * @throws PlanError
 */
export function requireAllowed(plan: Plan, allowed: Allowed): void {
  const blockers = blockersOf(plan, allowed);
  if (blockers.length > 0) throw new PlanError(blockers);
}

/** What a plan must not do unless it is asked for. */
export function blockersOf({ entries, schema, stack }: Plan, { adopt, expose }: Allowed): Blocker[] {
  const opened = [...new Set(entries.flatMap((entry) => entry.becomesPublic))];
  const exposed: Blocker = {
    what: `BECOMES PUBLIC: ${opened.join(", ")} would be left without a privilege, and ORDS lets anyone call what has none`,
    avoid: "name it in a scope or remove the module first",
    flag: "--expose",
  };
  const foreign = entries
    .filter(({ action }) => action === "adopt")
    .map((entry): Blocker => {
      const what =
        entry.kind === "JWT profile"
          ? `schema ${schema} has a JWT profile that was not registered by stack ${stack} (issuer ${entry.before?.issuer ?? "not shown"}, audience ${entry.before?.audience ?? "not shown"}, description ${entry.before?.description ?? "none"})`
          : `privilege ${entry.name} exists and was not made by stack ${stack} (its comments: ${(entry.kind === "privilege" && entry.before?.comments) || "none"})`;
      return { what, avoid: "delete it if nothing needs it", flag: "--adopt" };
    });
  return [...(opened.length > 0 && !expose ? [exposed] : []), ...(adopt ? [] : foreign)];
}

/** @throws PlanError for a schema that is not REST-enabled, or a role-based profile where ORDS knows none */
export function requireReady({ profile }: Desired, { schema, user, basePath, ordsVersion }: Actual): void {
  if (basePath === null) {
    throw new PlanError(
      `schema ${schema} is not REST-enabled${user === schema ? "" : `, or user ${user} cannot see that it is`}: log in as ${schema} and run BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END; or register with --sample-api`,
    );
  }
  if (profile.roleClaim !== null && !hasRoleClaim(ordsVersion)) {
    throw new PlanError(
      `the JWT profile is role-based (claim ${profile.roleClaim}), which ORDS ${ordsVersion} does not support: upgrade ORDS to 25.1 or later, or remove roleClaim`,
    );
  }
}

/** @throws PlanError naming every scope with the modules that the schema does not have */
export function requireModules({ privileges }: Desired, { schema, modules }: Actual): void {
  const existing = new Set(modules.map(({ name }) => name));
  const lacking = privileges.flatMap(({ name, modules: named }) => {
    const missing = named.filter((module) => !existing.has(module));
    return missing.length === 0
      ? []
      : [`scope ${name} protects ${missing.map((module) => `module ${module}`).join(", ")}`];
  });
  if (lacking.length > 0) {
    throw new PlanError(
      `${lacking.join("; ")}, which schema ${schema} does not have (it has: ${[...existing].join(", ") || "none"}): publish each missing module first, or register with --sample-api`,
    );
  }
}
