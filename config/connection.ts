import { z } from "zod";
import { type ConnectionAttributes, connectionAttributes, tokenAttributes } from "./connection-attributes";
import { hint } from "./hints";

/** Attributes of an `oracledb` connection, as the driver takes them, without secrets. */
export const connection = z
  .custom<ConnectionAttributes>(
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
