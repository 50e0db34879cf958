import { accessMap } from "../../access/build";
import { compared } from "../../access/compare";
import type { AccessMap, DomainAccess } from "../../access/model";
import type { Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { readActual } from "../../ords/database/read";
import { readServed } from "../../ords/database/served";
import type { Actual, Desired, Served } from "../../ords/model";
import { type OrdsOutput, parseOrdsOutput } from "../../ords/output";
import { isOurPrivilege } from "../../ords/ownership";
import { byName, desiredState } from "../../ords/plan/desired";
import { planRegister } from "../../ords/plan/plan";
import { withConnection } from "../database";
import { besideOthers, declaredAccess } from "../declared-access";
import { accessMermaid } from "../mermaid";
import { ociMessage, ociOf } from "../oci/client";
import { readDomainAccess } from "../oci/domain-access";
import { accessPage } from "../pages/access";
import { writePage } from "../pages/page";
import { step } from "../terminal/progress";
import { inShort, renderAccess } from "../terminal/render-access";
import type { Terminal } from "../terminal/terminal";
import { outputsIfDeployed } from "../terraform/outputs";
import { terraformPlan, unknown } from "../terraform/plan";
import { forgetGuesses, synthesize } from "../terraform/synthesize";

export interface MapFlags {
  /** As it would be after a deploy, with what changes marked. */
  readonly planned?: boolean;
  /** List what is folded otherwise. */
  readonly unfold?: boolean;
  /** A file to write it to as a page. */
  readonly html?: string;
  readonly mermaid?: boolean;
  readonly json?: boolean;
  /** All stacks are synthesized already. @default false */
  readonly synthesized?: boolean;
}

/** Shows who can call what, from both sides. Writes nothing but the file that is asked for. */
export async function map(name: string, flags: MapFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const access = flags.planned
    ? await planned(name, target, flags.synthesized, terminal)
    : (await present(name, target, terminal)).access;
  terminal.summary = inShort(access.findings);
  if (flags.html !== undefined) writePage(flags.html, accessPage(access), terminal);
  if (flags.json) terminal.json(access);
  else if (flags.mermaid) terminal.log(accessMermaid(access));
  else if (flags.html === undefined) terminal.log(renderAccess(access, flags.unfold));
}

interface Present {
  readonly access: AccessMap;
  readonly domain: DomainAccess;
  readonly actual: Actual;
  readonly served: Served;
  readonly ords: OrdsOutput | undefined;
}

/** Both sides as they are, read side by side. */
async function present(stack: string, target: Environment, terminal: Terminal): Promise<Present> {
  const { ords, domain, actual, served } = await step(terminal, "read the identity domain and the schema", async () => {
    const schema = withConnection(target, terminal, async (connection) => {
      const actual = await readActual(connection, target.database.schema);
      return { actual, served: await readServed(connection, actual) };
    });
    const [domain, inSchema] = await Promise.all([domainOf(stack, target, schema, terminal), schema]);
    return { ...domain, ...inSchema };
  });
  const tokens = ords?.profile;
  const domainUrl = ords?.client.domainUrl;
  const access = accessMap({ stack, domain, domainUrl, actual, served, tokens, users: ords?.users ?? [] });
  return { access, domain, actual, served, ords };
}

/** What cannot be read is taken from the state, and said. */
async function domainOf(
  stack: string,
  target: Environment,
  schema: Promise<{ readonly actual: Actual }>,
  terminal: Terminal,
): Promise<{ readonly ords: OrdsOutput | undefined; readonly domain: DomainAccess }> {
  const outputs = await outputsIfDeployed(stack);
  if (!outputs) {
    const unread = `stack ${stack} is not deployed`;
    return { ords: undefined, domain: { unread, scopes: [], clients: [], groups: [] } };
  }
  const { ords } = outputs;
  const roles = schema.then(({ actual }) => [...new Set(actual.privileges.flatMap(({ roles }) => roles))]);
  try {
    return { ords, domain: await readDomainAccess(ociOf(target, terminal), ords, roles) };
  } catch (error) {
    // Not of the domain: nothing can be said without the schema.
    await roles;
    return { ords, domain: { ...declaredAccess(target, ords), unread: ociMessage(error) } };
  }
}

/** Both sides as a deploy would leave them, compared with what they are. */
async function planned(
  stack: string,
  target: Environment,
  synthesized: boolean | undefined,
  terminal: Terminal,
): Promise<AccessMap> {
  await synthesize(stack, terminal, synthesized);
  const now = await present(stack, target, terminal);
  const plan = await step(terminal, "plan OCI", () => terraformPlan(stack)).finally(() => forgetGuesses(stack));
  const ords = parseOrdsOutput(plan.ords, `the plan of stack ${stack}`, isUnknown);
  const desired = desiredState(ords, isUnknown);
  const declared = declaredAccess(target, ords, isUnknown);
  // A domain that is replaced, or not there yet, has nobody else in it.
  const isKept = now.ords?.client.domainUrl === ords.client.domainUrl || target.existingDomain !== undefined;
  const { unread } = now.domain;
  const domain = isKept ? { ...besideOthers(declared, now.domain), ...(unread !== undefined && { unread }) } : declared;
  const then = accessMap({
    stack,
    domain,
    actual: afterRegister(desired, now.actual),
    served: now.served,
    tokens: ords.profile,
    domainUrl: isUnknown(ords.client.domainUrl) ? undefined : ords.client.domainUrl,
    users: ords.users,
  });
  const profile = then.profile?.jwkUrl === unknown ? { ...then.profile, jwkUrl: null } : then.profile;
  return compared(now.access, { ...then, profile });
}

/** The schema once a register has run. @throws PlanError when it could not run */
function afterRegister(desired: Desired, actual: Actual): Actual {
  planRegister(desired, actual);
  const names = new Set(desired.privileges.map(({ name }) => name));
  const others = actual.privileges.filter(
    (privilege) => !names.has(privilege.name) && !isOurPrivilege(privilege, desired.stack),
  );
  return { ...actual, profile: desired.profile, privileges: [...desired.privileges, ...others].sort(byName) };
}

function isUnknown(value: string): boolean {
  return value === unknown;
}
