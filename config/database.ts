import { z } from "zod";
import { connection } from "./connection";
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

export const database = z.strictObject({
  /** The REST-enabled schema that holds the modules. */
  schema: text,
  /** Name of the environment variable that holds the password. @default - asked for at the terminal */
  passwordVariable: variableName.optional(),
  /** Name of the environment variable that holds the password of the wallet. @default - the wallet has none */
  walletPasswordVariable: variableName.optional(),
  /** Attributes of an `oracledb` connection, as the driver takes them, without secrets. */
  connection,
});
