import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { missingTerraform, terraformBinary } from "../../config/terraform";
import { OutsideError } from "../terminal/failure";
import { remember } from "../terminal/secrets";
import { type RunOptions, run } from "./run";

/** The project's folder and the variables, if not this process's own, and a file to hand over. */
export type Where = Pick<RunOptions, "cwd" | "env" | "file">;

/** Where cdktf puts a synthesized stack, from the project's folder. */
export function stackFolder(stack: string): string {
  return join("cdktf.out", "stacks", stack);
}

/**
 * Runs Terraform where cdktf puts a synthesized stack and returns what it prints, through a pipe: secrets in it touch no file of
 * ours.
 * @throws OutsideError when the stack was never deployed from here, or Terraform is missing or fails
 */
export async function terraform(stack: string, args: readonly string[], where: Where = {}): Promise<string> {
  requireTerraform();
  const folder = stackFolder(stack);
  if (!existsSync(join(where.cwd ?? ".", folder))) {
    throw new OutsideError(notHere(stack, `there is no ${folder}`));
  }
  const { code, how, stdout, errors } = await run(terraformBinary(), [`-chdir=${folder}`, ...args], where);
  if (code === 0) return stdout;
  const text = errors.join("\n").trim();
  if (text.includes("initialization required")) {
    throw new OutsideError(notHere(stack, "Terraform is not initialized in it"));
  }
  throw new OutsideError(`${terraformBinary()} ${args[0]} of stack ${stack} failed (${how}):\n${text}`);
}

const initialized = new Map<string, Promise<string>>();

/** `terraform init` of a stack that is synthesized: once, however many ask for it, until all are synthesized anew. */
export async function initialize(stack: string): Promise<void> {
  const folder = resolve(stackFolder(stack));
  const known = initialized.get(folder);
  if (known) return void (await known);
  const init = terraform(stack, ["init", "-input=false", "-no-color"]);
  initialized.set(folder, init);
  init.catch(() => initialized.delete(folder));
  await init;
}

/** To be called when stacks were synthesized: others may be initialized no more. */
export function forgetInitialized(): void {
  initialized.clear();
}

/**
 * The same as {@link terraform} for a command that prints JSON.
 * @param schema what is read of it
 * @throws OutsideError also when it prints something else
 */
export async function terraformJson<Schema extends z.ZodType>(
  stack: string,
  [command, ...args]: readonly [string, ...string[]],
  schema: Schema,
  where?: Where,
): Promise<z.output<Schema>> {
  // What is no flag comes last.
  const text = await terraform(stack, [command, "-json", ...args], where);
  return readJson(text, schema, `${terraformBinary()} ${command} of stack ${stack}`);
}

/** @throws OutsideError */
export function readJson<Schema extends z.ZodType>(text: string, schema: Schema, source: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
    rememberSecretsIn(value);
  } catch {
    // The parser's message would quote it, and it holds secrets.
    throw new OutsideError(`${source} printed what is not its JSON: check what TERRAFORM_BINARY_NAME names`);
  }
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const [issue] = error.issues;
  throw new OutsideError(
    `${source} printed what is not expected: ${issue?.path.join(".") || "the whole"}: ${issue?.message}; this version of Terraform may print it in another form`,
  );
}

/** Deeper than this nothing of a provider is. */
const maxDepth = 100;

/** Outputs that are marked as sensitive, and attributes that the provider does not mark. @throws RangeError when it is too deep */
function rememberSecretsIn(node: unknown, name = "", depth = 0): void {
  if (depth > maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
  if (typeof node === "string" && /(^|_)(secret|password)$/.test(name)) remember(node);
  if (typeof node !== "object" || node === null) return;
  const values: Record<string, unknown> = { ...node };
  if (values.sensitive === true) remember(values.value);
  if (values.before_sensitive === true) remember(values.before);
  if (values.after_sensitive === true) remember(values.after);
  for (const [key, value] of Object.entries(values)) rememberSecretsIn(value, key, depth + 1);
}

/** A fresh checkout, or a stack that nobody deployed yet: only the second one wants a deploy. */
function notHere(stack: string, why: string): string {
  return `the state of stack ${stack} cannot be read here (${why}): run npx ords-jwt diff ${stack} first; if it was never deployed, npx ords-jwt deploy ${stack}`;
}

/** Version of Terraform, for example `1.11.4`. @throws OutsideError when it is missing */
export async function terraformVersion(): Promise<string> {
  requireTerraform();
  const { code, how, stdout, lines } = await run(terraformBinary(), ["version", "-json"]);
  if (code !== 0) throw new OutsideError(`${terraformBinary()} version failed (${how}):\n${lines.join("\n")}`);
  const schema = z.object({ terraform_version: z.string() });
  return readJson(stdout, schema, `${terraformBinary()} version`).terraform_version;
}

/** @throws OutsideError when a version is older than what the stacks are tried with */
export function requireVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 1 || (major === 1 && minor >= 11)) return;
  throw new OutsideError(`Terraform ${version} is too old: install 1.11 or later`);
}

/** @throws OutsideError before anything else is tried, which could only end with less to the point */
export function requireTerraform(): void {
  const missing = missingTerraform();
  if (missing !== undefined) throw new OutsideError(missing);
}
