import type { ConnectionAttributes } from "oracledb";
import { z } from "zod";
import { hint } from "./hints";

/**
 * Attributes that the driver reads of a connection in Thin mode, without secrets, aliases of other attributes and pools. Here, since
 * loading the driver takes longer than synthesizing; a test compares them with what the driver reads.
 */
export const connectionAttributes = [
  "user",
  "connectString",
  "configDir",
  "walletLocation",
  "externalAuth",
  "tokenAuthConfigOci",
  "sslServerDNMatch",
  "sslServerCertDN",
  "sslAllowWeakDNMatch",
  "useSNI",
  "httpsProxy",
  "httpsProxyPort",
  "connectTimeout",
  "transportConnectTimeout",
  "retryCount",
  "retryDelay",
  "expireTime",
  "sdu",
  "networkCompression",
  "networkCompressionThreshold",
  "connectionIdPrefix",
  "privilege",
  "edition",
  "events",
  "stmtCacheSize",
  "appContext",
  "txnPriority",
  "shardingKey",
  "superShardingKey",
  "machine",
  "osUser",
  "program",
  "terminal",
  "driverName",
] as const;

/** The same of `tokenAuthConfigOci`, which the driver's plugin `extensionOci` reads. */
export const tokenAttributes = [
  "authType",
  "configFileLocation",
  "profile",
  "scope",
  "tenancy",
  "user",
  "fingerprint",
  "privateKeyLocation",
  "regionId",
  "authority",
  "clientId",
  "scopes",
  "tokenRequestTimeoutMs",
] as const;

/** `tokenAuthConfigOci` is the driver's way to a token of OCI IAM. */
type Connection = Pick<ConnectionAttributes, (typeof connectionAttributes)[number] & keyof ConnectionAttributes> & {
  readonly tokenAuthConfigOci?: Readonly<Record<string, unknown>>;
};

/** Attributes of an `oracledb` connection, as the driver takes them, without secrets. */
export const connection = z
  .custom<Connection>(
    (value) =>
      isRecord(value) &&
      typeof value.connectString === "string" &&
      value.connectString.trim() !== "" &&
      (typeof value.user === "string" || value.externalAuth === true),
    "needs connectString, and user or externalAuth",
  )
  .superRefine((value, { addIssue }) => {
    for (const { path, why } of secretsIn(value)) {
      const message = `must not hold a secret${why}: name passwordVariable or walletPasswordVariable, or keep it out of this file`;
      addIssue({ code: "custom", path, message });
    }
    const levels: [string[], unknown, readonly string[]][] = [
      [[], value, connectionAttributes],
      [["tokenAuthConfigOci"], value.tokenAuthConfigOci, tokenAttributes],
    ];
    for (const [path, entries, known] of levels) {
      for (const key of Object.keys(isRecord(entries) ? entries : {})) {
        if (known.includes(key) || isSecretName(key)) continue;
        addIssue({ code: "custom", path, message: `unknown entry "${key}" (${hint(key, known)})` });
      }
    }
  });

/** Whether a name says that a secret stands under it; a location only says where one is. */
function isSecretName(name: string): boolean {
  return (
    /secret|passw(or)?d|passphrase|private_?key|access_?token|wallet_?content|(^|[._])(pwd|token)$/i.test(name) &&
    !/(location|_auth)$/i.test(name)
  );
}

/** Places of all secrets, however deep they are: by the name of the entry, or inside a text. */
function secretsIn(value: unknown, path: string[] = []): { path: string[]; why: string }[] {
  const name = path.at(-1) ?? "";
  if (isSecretName(name)) return [{ path, why: "" }];
  if (typeof value === "string") {
    const why = secretWithin(value, name);
    return why === undefined ? [] : [{ path, why: ` (${why})` }];
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, [...path, key]));
}

/** How a text holds a secret, in the forms that Oracle's own tools and drivers take; undefined for one that holds none. */
function secretWithin(text: string, name: string): string | undefined {
  if (name === "connectString" && /^[^?(]*@/.test(text)) return "what stands before @ is user and password";
  if (name === "user" && text.replace(/"[^"]*"/g, "").includes("/")) return "what stands behind / is a password";
  if (/[^\s/\\?&=()@]:[^\s/\\?&=()@]*@/.test(text) || (name === "httpsProxy" && text.includes("@"))) {
    return "what stands before @ is user and password";
  }
  if (text.includes("-----BEGIN")) return "a text in PEM";
  const named = [...text.matchAll(/([\w.]+)"?\s*=/g)].map(([, parameter = ""]) => parameter).find(isSecretName);
  return named && `the parameter ${named}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
