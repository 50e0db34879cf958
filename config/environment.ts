import { z } from "zod";
import { listed } from "../errors";
import { app, clientBesideTheApi, developerClient } from "./app";
import { authentication } from "./authentication";
import { ConfigurationError } from "./configuration-error";
import { database, jwtProfile } from "./database";
import { domain, existingDomain, group, user } from "./domain";
import { hasCredentials, text } from "./fields";
import { entriesAt, hint } from "./hints";
import { imports } from "./imports";
import { placeholder } from "./words";

export const environmentSchema = z
  .strictObject({
    /** Home region of the tenancy, for example `eu-frankfurt-1`: identity domains are managed only there. */
    region: text,
    /** How Terraform, the hooks and the commands sign in to OCI. @default - API key of the profile DEFAULT */
    authentication: authentication.default({}),
    /** Where Terraform keeps the state: any backend by its type and attributes. @default - a local file, state/NAME.tfstate */
    backend: z
      .strictObject({
        /** For example `oci`, `s3`, `local`. */
        type: text,
        /** Attributes of that backend, in Terraform's own words. */
        attributes: z.record(z.string(), z.unknown()),
      })
      .optional(),
    /** Makes Terraform refuse to destroy or replace domain and app. @default false */
    protected: z.boolean().default(false),
    /** Free-form tags on everything that takes tags. @default {} */
    tags: z.record(z.string(), text).default({}),
    /** The identity domain to make; or name one that exists. */
    domain: domain.optional(),
    /** A domain that exists: it is only read, never changed or destroyed. */
    existingDomain: existingDomain.optional(),
    /** Users by a key of your choice, which other entries refer to. @default {} */
    users: z.record(z.string(), user).default({}),
    /** Groups by a key of your choice. @default {} */
    groups: z.record(z.string(), group).default({}),
    /** The application whose scopes protect the APIs. */
    app,
    /** Further clients of the APIs, by a key of your choice. @default {} */
    clients: z.record(z.string(), clientBesideTheApi).default({}),
    /** A public client for people at their own machine. @default - none: it takes plain http redirects */
    developerClient: developerClient.optional(),
    /** What the schema's JWT profile says beside audience and JWK URL. @default - Oracle's issuer, scopes, skew and age as ORDS is set up */
    jwtProfile: jwtProfile.default({}),
    /** Which schema is protected, and how `register` logs in. */
    database,
    /** Ids of what exists already and the first deploy takes over; of no use after it. @default - everything is made */
    imports: imports.optional(),
    /** An API that the stack protects, for `verify` and `doctor` to call. @default - none, they need `--url` */
    apiUrl: z
      .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
      .refine((url) => !hasCredentials(url), { error: "must not hold user and password" })
      .optional(),
  })
  .refine((input) => (input.domain === undefined) !== (input.existingDomain === undefined), {
    error: "needs either domain or existingDomain",
  });

export type EnvironmentInput = z.input<typeof environmentSchema>;
export type Environment = z.output<typeof environmentSchema>;

/**
 * Checks the form of an environment file; what it says is checked by the constructs.
 * @param lineOf where an entry stands in the file. @default - no lines are named
 * @throws ConfigurationError naming every wrong entry
 */
export function parseEnvironment(
  name: string,
  input: unknown,
  lineOf: (path: PropertyKey[]) => number | undefined = () => undefined,
): Environment {
  if (input === undefined) {
    throw new ConfigurationError(
      `environments/${name}.ts exports no environment: export it by default, or under the name ${name}`,
    );
  }
  const result = environmentSchema.safeParse(input);
  const wrong = result.success ? placeholdersIn(result.data) : result.error.issues.map(toProblem);
  if (result.success && wrong.length === 0) return result.data;
  const problems = wrong.map(({ path, entry = path, text }) => {
    const line = lineOf(entry);
    return `${line === undefined ? "" : `line ${line}: `}${path.join(".") || name}: ${text}`;
  });
  throw new ConfigurationError(`environments/${name}.ts is not valid:\n${listed(problems)}`);
}

interface Problem {
  readonly path: PropertyKey[];
  /** Where it stands. @default - at its path */
  readonly entry?: PropertyKey[];
  readonly text: string;
}

/** What `init` left to be filled in. */
function placeholdersIn(value: unknown, path: PropertyKey[] = []): Problem[] {
  if (typeof value === "string") {
    return value.includes(placeholder) ? [{ path, text: `replace ${placeholder} (is "${value}")` }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => placeholdersIn(inner, [...path, key]));
}

function toProblem(issue: z.core.$ZodIssue): Problem {
  const [unknown] = issue.code === "unrecognized_keys" ? issue.keys : [];
  return { path: issue.path, entry: unknown ? [...issue.path, unknown] : undefined, text: message(issue) };
}

function message(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "is missing";
  if (issue.code !== "unrecognized_keys") return issue.message;
  const known = entriesAt(environmentSchema, issue.path);
  return issue.keys.map((key) => `unknown entry "${key}" (${hint(key, known)})`).join(", ");
}
