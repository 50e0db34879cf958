import { z } from "zod";
import { ConfigurationError } from "../../config/configuration-error";
import type { Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { type OrdsOutput, parseOrdsOutput } from "../../ords/output";
import { OutsideError } from "../terminal/failure";
import { type StepOptions, step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { readText } from "../text-file";
import { terraformJson } from "./terraform";

export interface StackOutputs {
  readonly ords: OrdsOutput;
  /** undefined when the outputs come from a hand-over file, which holds no secret. */
  readonly clientSecret: string | undefined;
  /** Secrets of further clients, by their keys; empty when the outputs come from a hand-over file. */
  readonly clientSecrets: Readonly<Record<string, string>>;
}

/** Begins the names of outputs that hold the secret of a further client. */
const secretPrefix = "client_secret_";

/** As `terraform output -json` prints them. */
const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));

/**
 * The outputs of a deployed stack, from its state.
 * @throws OutsideError when Terraform is missing or fails, or the stack is not deployed; OutputError when a value is missing
 */
export async function stackOutputs(stack: string): Promise<StackOutputs> {
  const outputs = await outputsIfDeployed(stack);
  if (outputs) return outputs;
  const owner = environment(stack).existingDomain?.environment;
  throw new OutsideError(
    owner === undefined
      ? `stack ${stack} is not deployed: run npx ords-jwt deploy ${stack} first`
      : `stack ${stack} is not deployed, which uses the domain of environment ${owner}: run npx ords-jwt deploy --all ${owner} ${stack} first`,
  );
}

/** The same; undefined when the stack is not deployed. */
export async function outputsIfDeployed(stack: string): Promise<StackOutputs | undefined> {
  const outputs = await terraformJson(stack, ["output", "-no-color"], outputsSchema);
  if (!outputs.ords) return undefined;
  return {
    ords: parseOrdsOutput(outputs.ords.value, `the state of stack ${stack}`),
    clientSecret: text(outputs.client_secret?.value),
    clientSecrets: Object.fromEntries(
      Object.entries(outputs).flatMap(([name, { value }]) =>
        name.startsWith(secretPrefix) && typeof value === "string" ? [[name.slice(secretPrefix.length), value]] : [],
      ),
    ),
  };
}

/** What is none is as good as absent: a client without secret has none. */
function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The same, shown as a step: reading them takes a second or two. */
export function readOutputs(stack: string, terminal: Terminal, options?: StepOptions): Promise<StackOutputs> {
  return step(terminal, `read the outputs of stack ${stack}`, () => stackOutputs(stack), options);
}

/**
 * The outputs of an environment, from a hand-over file if one is named.
 * @throws ConfigurationError also when they are those of another stack or for another schema
 */
export async function outputsOf(stack: string, { database }: Environment, file?: string): Promise<StackOutputs> {
  const outputs = file ? handOver(file) : await stackOutputs(stack);
  if (outputs.ords.stack !== stack) {
    throw new ConfigurationError(
      `${file ?? "the state"} holds the outputs of stack ${outputs.ords.stack}, not of ${stack}: name the environment that it belongs to`,
    );
  }
  if (outputs.ords.schema !== database.schema) {
    throw new ConfigurationError(
      `${file ?? `the state of stack ${stack}`} is for schema ${outputs.ords.schema}, environments/${stack}.ts for ${database.schema}: deploy the environment, or correct one of them`,
    );
  }
  return outputs;
}

/**
 * The same from a hand-over file: the value of the output `ords` as JSON.
 * @throws ConfigurationError when it cannot be read; OutputError when a value is missing
 */
function handOver(file: string): StackOutputs {
  const what = `outputs from ${file}`;
  const text = readText(file, what);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`cannot read ${what}: ${(error as Error).message}`);
  }
  return { ords: parseOrdsOutput(value, file), clientSecret: undefined, clientSecrets: {} };
}
