import type { Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { PlanError } from "../../ords/plan/refusals";
import { unattendedReason } from "../access-token";
import { apiUrl } from "../api-url";
import { curlForToken, curlLine } from "../curl";
import { withConnection } from "../database";
import { ociOf } from "../oci/client";
import { checkCredentials } from "../oci/credentials";
import { sayingWhy } from "../oci/refusals";
import { renderText } from "../plan-view/text";
import { type AllowedReview, differs, type Review, reviewOf, summaryOf, viewOfReview } from "../review";
import { confirm } from "../terminal/confirm";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { applyPlan } from "../terraform/apply";
import { outputsOf, type StackOutputs } from "../terraform/outputs";
import { withPlanFile } from "../terraform/plan-file";
import { stateInWords } from "../terraform/state";
import { forgetGuesses, synthesize } from "../terraform/synthesize";
import { requireVersion, terraformVersion } from "../terraform/terraform";
import { register } from "./register";
import { takesSignIn, verify } from "./verify";

export interface DeployFlags extends AllowedReview {
  /** Publish the sample API before registering. */
  readonly sampleApi?: boolean;
  /** The protected API to call at the end. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Do not ask. */
  readonly yes?: boolean;
  /** All stacks are synthesized already. @default false */
  readonly synthesized?: boolean;
  /** Where both sides are in sync, nothing but the proof is left to do. @default false */
  readonly onlyLeft?: boolean;
  /** Told what is about to be done; what it throws stops that. */
  readonly onPlanned?: (review: Review) => void;
}

/** Preflight, review, `terraform apply` of what was reviewed, register, verify: stops at the first that fails, and may be run again. */
export async function deploy(name: string, flags: DeployFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const url = apiUrl(flags.url, target);
  await preflight(name, target, terminal, flags.synthesized);
  const outputs = await withPlanFile(async (file) => {
    const review = await reviewOf(name, target, flags, terminal, file);
    await askFor(review, target, flags, terminal);
    const { terraform, ords: reviewed } = review;
    const isLeft = !flags.onlyLeft || differs(review);
    const done: string[] = [];
    try {
      if (isLeft) {
        const apply = () => applyPlan(name, file, terraform, terminal);
        await sayingWhy(apply, terraform.changes, ociOf(target, terminal), terminal);
        done.push("deployed in OCI");
      }
      const applied = await outputsOf(name, target);
      if (isLeft) {
        const { adopt, expose, sampleApi } = flags;
        await register(name, { adopt, expose, sampleApi, preflight: true, reviewed, applied }, terminal);
        done.push("registered in the database");
      }
      if (url) await verifyUnlessUnattended(name, url, applied, terminal);
      return applied;
    } catch (error) {
      terminal.error(`done so far: ${done.join(", ") || (await stateInWords(name))}; running deploy again is safe`);
      throw error;
    }
  });
  if (!terminal.quiet) summarize(name, url, outputs, terminal);
}

/** @throws PlanError when it cannot be carried through */
async function askFor(review: Review, target: Environment, flags: DeployFlags, terminal: Terminal): Promise<void> {
  // Whoever is asked has to see for what.
  if (!terminal.quiet || (differs(review) && !flags.yes)) {
    terminal.print(renderText(viewOfReview(review, target, terminal), terminal));
  }
  terminal.summary = summaryOf(review);
  if (review.refusal) throw new PlanError(`nothing was changed: ${review.refusal.message}`);
  flags.onPlanned?.(review);
  if (differs(review)) await confirm(`This changes what is shown above.`, review.stack, flags.yes, terminal);
}

/** Everything that would stop the deploy half-way is looked at before anything is changed. */
async function preflight(name: string, target: Environment, terminal: Terminal, synthesized?: boolean): Promise<void> {
  requireVersion(await terraformVersion());
  await step(terminal, "sign in to OCI", () => checkCredentials(name, target, terminal));
  const missing = await synthesize(name, terminal, synthesized);
  if (missing !== undefined) {
    forgetGuesses(name);
    throw new PlanError(
      `nothing was changed: environment ${missing}, whose domain ${name} uses, is not deployed: run npx ords-jwt deploy ${missing} first`,
    );
  }
  await step(terminal, `log in to the database as ${target.database.connection.user}`, () =>
    withConnection(target, terminal, async () => {}),
  );
}

/** Nobody would come back from a browser, and nothing has failed. */
async function verifyUnlessUnattended(
  name: string,
  url: string,
  outputs: StackOutputs,
  terminal: Terminal,
): Promise<void> {
  if (terminal.stdin.isTTY || !takesSignIn(outputs)) {
    return verify(name, { url, onTheWay: true, applied: outputs }, terminal);
  }
  terminal.say(`not verified: ${unattendedReason(name)}`);
}

function summarize(name: string, url: string | undefined, { ords }: StackOutputs, terminal: Terminal): void {
  const { client, clients, developerClient, profile } = ords;
  const secret = (output: string) => `secret: terraform -chdir=cdktf.out/stacks/${name} output -raw ${output}`;
  const further = Object.entries(clients ?? {}).map(
    ([key, { clientId, public: isPublic }]) =>
      `\n  client ${key.padEnd(9)} ${clientId} (${isPublic ? "public, no secret" : secret(`client_secret_${key}`)})`,
  );
  // Commands in it are to be copied, so no line is broken.
  terminal.log(`
For clients of the API
  token endpoint   ${client.tokenEndpoint}
  client id        ${client.clientId} (${secret("client_secret")})${further.join("")}
  scopes           ${client.scopes.join(" ")}
  issuer           ${profile.issuer}
  audience         ${profile.audience}${developerClient ? `\n  developer client ${developerClient.clientId}` : ""}${client.grants.includes("client_credentials") ? `\nA token without this tool, its secret in a variable\n  ${curlForToken(client)}` : ""}

${url ? `Call it\n  ${curlLine(name, url)}` : `Prove it: npx ords-jwt verify ${name} --url https://HOST/ords/...\nCall it:  npx ords-jwt token ${name} --curl https://HOST/ords/...`}`);
}
