import type { ConnectionAttributes } from "oracledb";
import { z } from "zod";

/** What the confidential application may do to get a token; OCI's console words. */
export const grantNames = ["authorization_code", "client_credentials", "refresh_token"] as const;

const text = z.string().min(1, "must not be empty");

const scope = z.strictObject({
  /** The scope without the audience; also the name of the ORDS privilege. */
  value: text,
  /** Shown on the consent page and as the privilege's label. */
  displayName: text,
  /** @default - no description */
  description: text.optional(),
  /** What a caller needs this scope for: whole ORDS modules, or URI patterns relative to the schema's base path (`/x/*`). */
  protects: z.strictObject({
    /** @default [] */
    modules: z.array(text).default([]),
    /** @default [] */
    patterns: z.array(text).default([]),
  }),
});

const profile = z.strictObject({
  /** Must equal the `iss` claim. @default "https://identity.oraclecloud.com/" */
  issuer: text.optional(),
  /** @default - says which stack registered the profile */
  description: text.optional(),
  /** Seconds of clock tolerance, 1 to 60. @default - ORDS's own setting; zero would refuse every token when clocks differ */
  allowedSkewSeconds: z.int().min(1).max(60).optional(),
  /** Greatest age of a token in seconds, at least 1. @default - ORDS's own setting; zero is not "unlimited" */
  allowedAgeSeconds: z.int().min(1).optional(),
});

const environmentSchema = z.strictObject({
  /** Home region of the tenancy, for example `eu-frankfurt-1`: identity domains are managed only there. */
  region: text,
  /** Compartment that holds the identity domain. */
  compartmentOcid: z.string().startsWith("ocid1.", "must be an OCID (ocid1...)"),
  /** Profile of the OCI configuration file. @default - the profile DEFAULT */
  configFileProfile: text.optional(),
  domain: z.strictObject({
    displayName: text,
    /** @default - says which stack made the domain */
    description: text.optional(),
    /** @default "free" */
    licenseType: z.enum(["free", "oracle-apps-premium", "premium", "external-user"]).optional(),
  }),
  user: z.strictObject({
    userName: text,
    givenName: text,
    familyName: text,
    workEmail: z.email(),
  }),
  app: z.strictObject({
    displayName: text,
    /** Primary audience; OCI joins it to the scope with nothing between, hence the slash. */
    audience: z.string().regex(/\/$/, "must end in / (OCI joins audience and scope with nothing between)"),
    scopes: z.array(scope).min(1, "needs at least one scope"),
    grants: z.array(z.enum(grantNames)).min(1, "needs at least one grant"),
    /** @default [] */
    redirectUris: z.array(z.url()).default([]),
    /** Scopes of which apps the client may ask for: its own only, or those of every app in the domain. @default "Specific" */
    issuancePolicy: z.enum(["All", "Specific"]).optional(),
  }),
  /** @default - Oracle's issuer, skew and age as ORDS is set up */
  jwtProfile: profile.default({}),
  database: z.strictObject({
    /** The REST-enabled schema that holds the modules. */
    schema: text,
    /** Name of the environment variable that holds the password. */
    passwordVariable: text,
    /** Attributes of an `oracledb` connection, as the driver takes them, without the password. */
    connection: z.custom<Omit<ConnectionAttributes, "password">>(
      (value) => isRecord(value) && typeof value.user === "string" && typeof value.connectString === "string",
      "needs user and connectString",
    ),
  }),
});

export type EnvironmentInput = z.input<typeof environmentSchema>;
export type Environment = z.output<typeof environmentSchema>;

/** The environment, or what is wrong with it, is nobody's fault but the caller's: exit code 2. */
export class ConfigurationError extends Error {}

/**
 * Checks an environment file.
 * @throws ConfigurationError naming every wrong entry
 */
export function parseEnvironment(name: string, input: unknown): Environment {
  const result = environmentSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`);
  throw new ConfigurationError(`environments/${name}.ts is not valid:\n${problems.join("\n")}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
