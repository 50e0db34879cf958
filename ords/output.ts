import { z } from "zod";
import { Failure, listed } from "../errors";
import { hasCredentials, type IsUnknown, problemsOf, type Registration } from "./rules";

const text = z.string().min(1);
const url = text.refine((value) => !hasCredentials(value), "must not hold a user and password");

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
    issuer: z.string(),
    audience: z.string(),
    jwkUrl: z.string(),
    description: z.string(),
    /** Seconds; null leaves it to ORDS. */
    allowedSkew: z.number().nullish(),
    /** Seconds; null leaves it to ORDS. */
    allowedAge: z.number().nullish(),
    /** JSON Pointer to the claim that holds roles; null for a scope-based profile. */
    roleClaim: z.string().nullish(),
  }),
  privileges: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      description: z.string().nullish(),
      roles: z.array(z.string()),
      modules: z.array(z.string()),
      patterns: z.array(z.string()),
    }),
  ),
  client: z.object({
    clientId: text,
    domainUrl: url,
    tokenEndpoint: url,
    authorizationEndpoint: url,
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
  /** Further clients of the API by their keys in the environment file; null when there are none. */
  clients: z
    .record(
      text,
      z.object({
        clientId: text,
        /** A public client has no secret. */
        public: z.boolean(),
        grants: z.array(text),
        redirectUris: z.array(text),
        /** Fully qualified: audience + scope. */
        scopes: z.array(text),
      }),
    )
    .nullish(),
  /** Names of the users that the stack made; empty when users come from elsewhere. */
  users: z.array(text).default([]),
});

export type OrdsOutput = z.output<typeof ordsOutputSchema>;

/** The outputs are not what this version of the tool writes, or not what can be registered. */
export class OutputError extends Failure {
  readonly code = "invalid-outputs";
}

/**
 * Reads the value of the output `ords`.
 * @param isUnknown whether a value stands for one that is known only after apply. @default none does
 * @throws OutputError naming every entry that is missing or of another type, or everything that cannot be registered
 */
export function parseOrdsOutput(value: unknown, source: string, isUnknown?: IsUnknown): OrdsOutput {
  const result = ordsOutputSchema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${["ords", ...issue.path].join(".")}: ${issue.message}`);
    throw new OutputError(`${source} does not hold a usable output "ords":\n${listed(problems)}`);
  }
  requireRegistrable(result.data, isUnknown, `${source}: `);
  return result.data;
}

/** @throws OutputError naming everything that cannot be registered */
export function requireRegistrable(registration: Registration, isUnknown?: IsUnknown, source = ""): void {
  const problems = problemsOf(registration, isUnknown);
  if (problems.length > 0) {
    throw new OutputError(`${source}stack ${registration.stack} cannot be registered:\n${listed(problems)}`);
  }
}
