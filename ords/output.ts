import { z } from "zod";
import { Failure } from "../errors";

const text = z.string().min(1);

/**
 * The Terraform output `ords`: all that has to be registered in the schema, and what a client needs to ask for a token.
 * Written by the stack, read by every command; a change that a reader must know about raises `version`.
 */
const ordsOutputSchema = z.object({
  version: z.literal(1),
  /** Name of the stack; marks what register makes as its own. */
  stack: text,
  /** The REST-enabled schema. */
  schema: text,
  profile: z.object({
    issuer: text,
    audience: text,
    jwkUrl: z.url({ protocol: /^https$/, error: "must be an https URL" }),
    description: text,
    /** Seconds; null leaves it to ORDS. */
    allowedSkew: z.int().positive().nullish(),
    /** Seconds; null leaves it to ORDS. */
    allowedAge: z.int().positive().nullish(),
    /** JSON pointer to the claim that holds roles; null for a profile that goes by scopes. */
    roleClaim: z.string().startsWith("/").nullish(),
  }),
  privileges: z.array(
    z.object({
      name: text,
      label: text,
      description: z.string().nullish(),
      roles: z.array(text),
      modules: z.array(text),
      patterns: z.array(text),
    }),
  ),
  client: z.object({
    clientId: text,
    domainUrl: text,
    tokenEndpoint: text,
    authorizationEndpoint: text,
    grants: z.array(text),
    redirectUris: z.array(text),
    /** Fully qualified: audience + scope. */
    scopes: z.array(text),
  }),
  /** A public client for people at their own machine; null when the environment has none. */
  developerClient: z
    .object({
      clientId: text,
      /** Loopback URLs, compared exactly. */
      redirectUris: z.array(text),
      /** Fully qualified: audience + scope. */
      scopes: z.array(text),
      grants: z.array(text).default(["authorization_code"]),
    })
    .nullish(),
  /** Names of the users that the stack made; empty when users come from elsewhere. */
  users: z.array(text).default([]),
});

export type OrdsOutput = z.output<typeof ordsOutputSchema>;

/** The outputs are not what this version of the tool writes. */
export class OutputError extends Failure {
  readonly code = "invalid-outputs";
}

/**
 * Reads the value of the output `ords`.
 * @throws OutputError naming every entry that is missing or wrong
 */
export function parseOrdsOutput(value: unknown, source: string): OrdsOutput {
  const result = ordsOutputSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${["ords", ...issue.path].join(".")}: ${issue.message}`);
  throw new OutputError(`${source} does not hold a usable output "ords":\n${problems.join("\n")}`);
}
