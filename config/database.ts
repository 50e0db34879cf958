import type { ConnectionAttributes } from "oracledb";
import { z } from "zod";
import { text, variableName } from "./fields";

export const jwtProfile = z.strictObject({
  /** Must equal the `iss` claim. @default "https://identity.oraclecloud.com/" */
  issuer: text.optional(),
  /** @default - names the application */
  description: text.optional(),
  /** Seconds of clock tolerance, 1 to 60. @default - ORDS's own setting; zero would refuse every token when clocks differ */
  allowedSkewSeconds: z.int().min(1).max(60).optional(),
  /** Greatest age of a token in seconds, at least 1. @default - ORDS's own setting; zero is not "unlimited" */
  allowedAgeSeconds: z.int().min(1).optional(),
  /** JSON Pointer to the claim that holds roles, for example `/groups`; needs ORDS 25.1. @default - the profile is scope-based */
  roleClaim: z.string().startsWith("/", "must be a JSON Pointer, starting with /").optional(),
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

export const database = z.strictObject({
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
