import { ConfigurationError } from "../../config/configuration-error";
import type { Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { unregister as unregisterFromSchema } from "../../ords/database/apply";
import type { Plan } from "../../ords/plan/entries";
import { PlanError } from "../../ords/plan/refusals";
import { withConnection } from "../database";
import { type Oci, ociMessage, ociOf } from "../oci/client";
import { sayingWhy } from "../oci/refusals";
import { viewOf } from "../plan-view/build";
import { renderText } from "../plan-view/text";
import { confirm } from "../terminal/confirm";
import { OutsideError } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { destroyAll } from "../terraform/apply";
import { domainUsers } from "../terraform/domain-owner";
import { destructionPlan, type TerraformPlan } from "../terraform/plan";
import { managedResources } from "../terraform/state";
import { sweep } from "../terraform/sweep";
import { forgetGuesses, synthesize } from "../terraform/synthesize";
import { unregister } from "./unregister";

export interface DestroyFlags {
  /** Leave the database alone, for example because it is gone. @default false */
  readonly skipOrds?: boolean;
  /** Remove the sample module as well. */
  readonly sampleApi?: boolean;
  /** Leave public what is protected now. */
  readonly expose?: boolean;
  /** Do not ask. @default false */
  readonly yes?: boolean;
  /** Show what would go, and change nothing. @default false */
  readonly onlyShow?: boolean;
  /** All stacks are synthesized already. @default false */
  readonly synthesized?: boolean;
  /** Who else uses the domain and goes first. @default - nobody */
  readonly together?: ReadonlySet<string>;
  /** Told what would go before it goes; what it throws stops that. */
  readonly onPlanned?: (loss: Loss) => void;
}

/** What will go on both sides. */
interface Loss {
  readonly stack: string;
  readonly terraform: TerraformPlan;
  /** undefined where the database is left alone. */
  readonly ords: Plan | undefined;
}

/** Removes an environment on both sides: unregister, sweep, `terraform destroy`. */
export async function destroy(name: string, flags: DestroyFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  if (target.protected) {
    throw new ConfigurationError(
      `environment ${name} is protected: set protected to false in environments/${name}.ts and deploy it first`,
    );
  }
  await synthesize(name, terminal, flags.synthesized);
  try {
    await carryOut(name, target, flags, terminal);
  } finally {
    forgetGuesses(name);
  }
}

async function carryOut(
  name: string,
  target: Environment,
  { skipOrds, sampleApi, expose, yes, onlyShow, together, onPlanned }: DestroyFlags,
  terminal: Terminal,
): Promise<void> {
  if (target.domain) await refuseWhileUsed(name, together, terminal);
  const isShown = !yes || onPlanned !== undefined;
  const loss = isShown ? await showLoss(name, target, { skipOrds, sampleApi, expose }, terminal) : undefined;
  if (loss) onPlanned?.(loss);
  if (onlyShow) return;
  const reviewed = loss?.ords;
  await confirm("This destroys what is shown above.", name, yes, terminal);
  if (!skipOrds) await unregister(name, { sampleApi, expose, reviewed }, terminal);
  const say = (line: string) => terminal.say(line);
  const oci = ociOf(target, terminal);
  const domain = (await managedResources(name)).find(({ type }) => type === "oci_identity_domain");
  await prepare(name, target, oci, say);
  await sayingWhy(() => destroyAll(name, terminal), [], oci, terminal);
  if (domain) await expectGone(String(domain.values.id), oci);
  // Somebody may have registered while Terraform was at work.
  if (!skipOrds) await unregister(name, { sampleApi, expose, reviewed }, terminal);
  terminal.summary = skipOrds ? "nothing is left in OCI; the schema was left alone" : "nothing is left on either side";
  terminal.say(`environment ${name} is destroyed`);
}

/** OCI refuses to deactivate a domain in which an app is active, and what is not an app would be lost. */
async function refuseWhileUsed(
  name: string,
  together: ReadonlySet<string> | undefined,
  terminal: Terminal,
): Promise<void> {
  const { users, unknown } = await step(terminal, "look who else uses the domain", () => domainUsers(name, together));
  if (users.length > 0) {
    const [use, them] = users.length > 1 ? ["use", "them"] : ["uses", "it"];
    throw new PlanError(
      `nothing was changed: ${users.join(", ")} ${use} the domain of ${name}: run npx ords-jwt destroy for ${them} first`,
    );
  }
  if (unknown.length === 0) return;
  throw new PlanError(
    `nothing was changed: whether the domain of ${name} is used by others cannot be told: ${unknown.join(", ")}`,
  );
}

async function showLoss(
  name: string,
  target: Environment,
  { skipOrds, sampleApi, expose }: DestroyFlags,
  terminal: Terminal,
): Promise<Loss> {
  const { region } = target;
  const terraform = await destructionPlan(name);
  const options = { region, verbose: terminal.verbose };
  if (skipOrds) {
    terminal.print(renderText(viewOf({ stack: name, terraform }, options), terminal));
    return { stack: name, terraform, ords: undefined };
  }
  const { plan: ords } = await step(terminal, "plan ORDS", () =>
    withConnection(target, terminal, (connection) =>
      unregisterFromSchema(
        connection,
        { stack: name, schema: target.database.schema },
        { sampleApi, expose, dryRun: true, show: () => {}, save: () => {} },
      ),
    ),
  );
  terminal.print(renderText(viewOf({ stack: name, terraform, ords }, options), terminal));
  return { stack: name, terraform, ords };
}

async function prepare(name: string, target: Environment, oci: Oci, say: (line: string) => void): Promise<void> {
  try {
    await sweep(name, target, oci, say);
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    throw new OutsideError(`cannot prepare the destroy: ${ociMessage(error)}`);
  }
}

/** Asks the service itself; apps and users are gone with their domain. */
async function expectGone(domainId: string, oci: Oci): Promise<void> {
  const state = await oci.domainState(domainId).catch((error: unknown) => {
    throw new OutsideError(
      `the state is empty, but whether domain ${domainId} is gone cannot be told: ${ociMessage(error)}`,
    );
  });
  if (state) throw new OutsideError(`the state is empty, but OCI still has domain ${domainId}, which is ${state}`);
}
