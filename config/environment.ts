import { closest, distance } from "fastest-levenshtein";
import type { ConnectionAttributes } from "oracledb";
import { z } from "zod";
import { Failure } from "../errors";
import { grantNames, licenseTypes } from "./words";

const text = z.string().min(1, "must not be empty");
const ocid = z.string().startsWith("ocid1.", "must be an OCID (ocid1...)");
const list = z.array(text).default([]);
/** Not the value: whoever writes a password here by mistake must not see it printed. */
const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable: letters, digits and _");

const authentication = z.strictObject({
  /** How Terraform signs in. @default "ApiKey" */
  type: z.enum(["ApiKey", "SecurityToken", "InstancePrincipal", "ResourcePrincipal"]).optional(),
  /** Profile of the OCI configuration file, for `ApiKey` and `SecurityToken`. @default - the profile DEFAULT */
  configFileProfile: text.optional(),
});

const domain = z.strictObject({
  /** Compartment that holds the domain. */
  compartmentOcid: ocid,
  /** Must be unique in the tenancy. */
  displayName: text,
  /** @default - says which stack made the domain */
  description: text.optional(),
  /** @default "free" */
  licenseType: z.enum(licenseTypes).optional(),
  /** Keeps the domain off the list on the sign-in page. @default false */
  isHiddenOnLogin: z.boolean().optional(),
  /** Who administers the domain; a change after it was made has no effect. @default - nobody but who makes it */
  adminContact: z
    .strictObject({
      userName: text,
      email: z.email(),
      lastName: text,
      firstName: text.optional(),
      /** Whether the administrator gets a mail. @default true */
      notify: z.boolean().optional(),
    })
    .optional(),
});

const existingDomain = z
  .strictObject({
    /** OCID of the domain. */
    domainOcid: ocid.optional(),
    /** URL of the domain as the console shows it. */
    domainUrl: z
      .url({ protocol: /^https$/, error: "must be an https URL" })
      .refine((url) => new URL(url).pathname === "/" && new URL(url).search === "", {
        error: "must be the domain's own URL without a path, as its page in the console shows it",
      })
      .optional(),
  })
  .refine((found) => (found.domainOcid === undefined) !== (found.domainUrl === undefined), {
    error: "needs either domainOcid or domainUrl",
  });

const user = z.strictObject({
  /** What the user signs in with; the `sub` of the user's tokens. */
  userName: text,
  givenName: text,
  familyName: text,
  workEmail: z.email(),
  /** @default - the work email */
  recoveryEmail: z.email().optional(),
  /** Whether the service mails an activation link. @default true */
  activationMail: z.boolean().optional(),
});

const group = z.strictObject({
  displayName: text,
  /** Keys of `users`. @default [] */
  members: list,
});

const scope = z.strictObject({
  /** The scope without the audience; also the name of the ORDS privilege. */
  value: text,
  /** Shown on the consent page and as the privilege's label. */
  displayName: text,
  /** @default - none */
  description: text.optional(),
  /** Asks the user before a token with this scope is issued. @default false */
  requiresConsent: z.boolean().optional(),
  /** ORDS modules that need this scope. @default [] */
  modules: list,
  /** URI patterns, relative to the schema's base path, that need this scope: `/x`, `/x/*`. @default [] */
  patterns: list,
  /** ORDS roles that are let in; only and always with `jwtProfile.roleClaim`. @default [] */
  roles: list,
});

const client = {
  displayName: text,
  /** @default - none */
  description: text.optional(),
  /** How the client may get a token. */
  grants: z.array(z.enum(grantNames)),
  /** Where a browser may come back to with a code; compared exactly. Taking away the last one leaves it in OCI. @default [] */
  redirectUris: list,
  /** Where a browser may come back to after signing out. @default [] */
  postLogoutRedirectUris: list,
  /** Called by the domain when the user signs out. @default - none */
  logoutUri: text.optional(),
  /** Does not ask users for consent, whatever the scopes say. @default false */
  bypassConsent: z.boolean().optional(),
  /** Shows the app on the users' page "My Apps". @default false */
  showInMyApps: z.boolean().optional(),
  /** @default true */
  active: z.boolean().optional(),
};

const app = z.strictObject({
  ...client,
  /** Primary audience, ending in a slash: OCI joins it to the scope with nothing between. */
  audience: text,
  scopes: z.array(scope),
  /** Seconds an access token is valid, 60 to 31,536,000. @default 3600 */
  accessTokenExpirySeconds: z.int().optional(),
  /** Lets clients with the grant `refresh_token` get refresh tokens. @default false */
  allowTokenRefresh: z.boolean().optional(),
  /** Seconds a refresh token is valid, 60 to 31,536,000. @default 604800 */
  refreshTokenExpirySeconds: z.int().optional(),
  /** Scopes of which apps the client may ask for: its own, or those of every app in the domain. @default "Specific" */
  issuancePolicy: z.enum(["All", "Specific"]).optional(),
  /** Lets only those sign in that the app is granted to. @default false */
  enforceGrants: z.boolean().optional(),
  /** Keys of `users` and `groups` that get access to the app. @default [] */
  grantedTo: list,
});

const clientBesideTheApi = z.strictObject({
  ...client,
  /** A public client has no secret: single-page and mobile apps. A change replaces the app. @default false */
  public: z.boolean().optional(),
  /** Scopes of the app that the client may ask for, without the audience. */
  scopes: z.array(text),
});

const developerClient = z.strictObject({
  /** Scopes of the app that may be asked for, without the audience. @default - all of them */
  scopes: z.array(text).optional(),
  /** Loopback ports of which one is free on a developer's machine. @default [53682, 53683, 53684] */
  ports: z.array(z.int()).optional(),
});

const jwtProfile = z.strictObject({
  /** Must equal the `iss` claim. @default "https://identity.oraclecloud.com/" */
  issuer: text.optional(),
  /** @default - names the application */
  description: text.optional(),
  /** Seconds of clock tolerance, 1 to 60. @default - ORDS's own setting; zero would refuse every token when clocks differ */
  allowedSkewSeconds: z.int().min(1).max(60).optional(),
  /** Greatest age of a token in seconds, at least 1. @default - ORDS's own setting; zero is not "unlimited" */
  allowedAgeSeconds: z.int().min(1).optional(),
  /** JSON pointer to the claim that holds roles, for example `/groups`; needs ORDS 25.1. @default - the profile goes by scopes */
  roleClaim: z.string().startsWith("/", "must be a JSON pointer, starting with /").optional(),
});

/** Names of what holds a secret; a location, such as `privateKeyLocation`, only says where one is. */
const secretName = /^(?!.*location$).*(secret|password|passphrase|private_?key|accessToken|walletContent)/i;

/** `tokenAuthConfigOci` is the driver's way to a token of OCI IAM, see its plugin `extensionOci`. */
type DatabaseConnection = Omit<
  ConnectionAttributes,
  "password" | "newPassword" | "walletPassword" | "walletContent" | "accessToken"
> & {
  readonly tokenAuthConfigOci?: Readonly<Record<string, unknown>>;
};

const database = z.strictObject({
  /** The REST-enabled schema that holds the modules. */
  schema: text,
  /** Name of the environment variable that holds the password. @default - asked for at the terminal */
  passwordVariable: variableName.optional(),
  /** Name of the environment variable that holds the password of the wallet. @default - the wallet has none */
  walletPasswordVariable: variableName.optional(),
  /** Attributes of an `oracledb` connection, as the driver takes them, without secrets. */
  connection: z
    .custom<DatabaseConnection>(
      (value) =>
        isRecord(value) &&
        typeof value.connectString === "string" &&
        (typeof value.user === "string" || value.externalAuth === true),
      "needs connectString, and user or externalAuth",
    )
    .superRefine((value, { addIssue }) => {
      for (const path of secretsIn(value)) {
        addIssue({
          code: "custom",
          path,
          message:
            "must not hold a secret: name passwordVariable or walletPasswordVariable, or keep it out of this file",
        });
      }
    }),
});

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
    /** An API that the stack protects, for `verify` and `doctor` to call. @default - none, they need `--url` */
    apiUrl: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  })
  .refine((input) => (input.domain === undefined) !== (input.existingDomain === undefined), {
    error: "needs either domain or existingDomain",
  });

export type EnvironmentInput = z.input<typeof environmentSchema>;
export type Environment = z.output<typeof environmentSchema>;

/** Something is wrong with what the caller gave us: exit code 2. */
export class ConfigurationError extends Failure {
  readonly code = "invalid-input";
}

/**
 * Checks the form of an environment file; what it says is checked by the constructs.
 * @throws ConfigurationError naming every wrong entry
 */
export function parseEnvironment(name: string, input: unknown): Environment {
  if (input === undefined) {
    throw new ConfigurationError(
      `environments/${name}.ts exports no environment: export it by default, or under the name ${name}`,
    );
  }
  const result = environmentSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".") || name}: ${message(issue)}`);
  throw new ConfigurationError(`environments/${name}.ts is not valid:\n${problems.join("\n")}`);
}

function message(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "is missing";
  if (issue.code !== "unrecognized_keys") return issue.message;
  const known = entriesAt(environmentSchema, issue.path);
  return issue.keys.map((key) => `unknown entry "${key}" (${hint(key, known)})`).join(", ");
}

/** The nearest known entry, if it is near enough to be meant. */
function hint(key: string, known: readonly string[]): string {
  const beginning = known.find((entry) => entry.startsWith(key));
  const nearest = beginning ?? (known.length > 0 ? closest(key, [...known]) : "");
  const meant = beginning !== undefined || distance(key, nearest) <= 3;
  return meant ? `did you mean "${nearest}"?` : `known are ${known.join(", ")}`;
}

/** Names of the entries that the schema knows at a path. */
function entriesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  const { def } = schema._zod as unknown as {
    def: Partial<Record<"innerType" | "element" | "valueType", z.core.$ZodType>> & {
      shape?: Record<string, z.core.$ZodType>;
    };
  };
  if (def.innerType) return entriesAt(def.innerType, path);
  if (first === undefined) return Object.keys(def.shape ?? {});
  const next = def.shape?.[String(first)] ?? def.element ?? def.valueType;
  return next ? entriesAt(next, rest) : [];
}

/** Paths of all entries whose name says that they hold a secret, however deep they are. */
function secretsIn(value: unknown): string[][] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretName.test(key) ? [[key]] : secretsIn(inner).map((path) => [key, ...path]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
