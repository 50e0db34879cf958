import { z } from "zod";
import { Failure } from "../errors";
import { strictObject } from "./strict-json";
import { tokenText } from "./token-text";

/** The last second of the year 9999: what comes later is not in seconds. */
const lastSecond = 253_402_300_799;
const seconds = z.number().min(0).max(lastSecond).describe(`seconds since 1970, a number up to ${lastSecond}`);
const text = z.string().describe("a text");

/** What we or ORDS read, by the types that RFC 7519 and ORDS want. */
const headerTypes = { alg: text, kid: text, typ: text };
const claimTypes = {
  iss: text,
  sub: text,
  aud: z.union([z.string(), z.array(z.string())]).describe("a text"),
  scope: text.describe("a text with spaces between the scopes"),
  scp: text.describe("a text with spaces between the scopes"),
  iat: seconds,
  nbf: seconds,
  exp: seconds,
  sub_type: text,
  tenant_iss: text,
};

const headerSchema = z.object(headerTypes).partial();
const claimsSchema = z.object(claimTypes).partial();

/** An entry of a header or a payload whose value is of a wrong type. */
interface WrongType {
  readonly part: "header" | "claims";
  readonly name: string;
  /** Its type and its value. */
  readonly got: string;
  readonly expected: string;
}

/** A token taken apart. Nothing in it is proved. */
export interface Token {
  /** As it is sent: three parts of base64url. */
  readonly text: string;
  /** What is read of the header; entries of a wrong type are left out. */
  readonly header: z.output<typeof headerSchema>;
  /** What is read of the payload; claims of a wrong type are left out. */
  readonly claims: z.output<typeof claimsSchema>;
  readonly wrongTypes: readonly WrongType[];
  /** Header and payload as they stand. */
  readonly raw: { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> };
}

/** The text is not a JSON Web Token. */
export class NotATokenError extends Failure {
  readonly code = "not-a-token";
}

/** No server takes a header as long as this. */
const maxLength = 65_536;

/**
 * Takes a token apart.
 * @param input the token alone, or as a file or another command gives it: see `tokenText`
 * @throws NotATokenError, which quotes nothing of it
 */
export function parseToken(input: string | Uint8Array): Token {
  const token = tokenText(input);
  if (token.length > maxLength) {
    throw new NotATokenError(`a token of ${token.length} characters is too long: at most ${maxLength} are read`);
  }
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every(isBase64Url)) {
    throw new NotATokenError(
      `this is not a JSON Web Token: expected three parts of base64url with two dots between, got ${token.length} characters with ${parts.length - 1} dots`,
    );
  }
  const [headerPart = "", payloadPart = ""] = parts;
  const raw = { header: objectIn(headerPart, "header"), claims: objectIn(payloadPart, "payload") };
  const header = typed(headerSchema, headerTypes, raw.header);
  const claims = typed(claimsSchema, claimTypes, raw.claims);
  return {
    text: token,
    header: header.values,
    claims: claims.values,
    wrongTypes: [
      ...header.wrong.map((each) => ({ part: "header" as const, ...each })),
      ...claims.wrong.map((each) => ({ part: "claims" as const, ...each })),
    ],
    raw,
  };
}

/** A value in a token, for a person. */
export function shownValue(value: unknown): string {
  return value === undefined ? "(absent)" : typeof value === "string" ? value : JSON.stringify(value);
}

/** In the one way in which base64url can be written: no padding, and no bits left over. */
function isBase64Url(part: string): boolean {
  return part !== "" && Buffer.from(part, "base64url").toString("base64url") === part;
}

function objectIn(part: string, name: string): Record<string, unknown> {
  try {
    return strictObject(Buffer.from(part, "base64url"));
  } catch (error) {
    throw new NotATokenError(`this is not a JSON Web Token: its ${name} ${(error as Error).message}`);
  }
}

/** What fits the schema, and what does not. */
function typed<Schema extends z.ZodObject>(
  schema: Schema,
  types: Record<string, z.ZodType>,
  values: Record<string, unknown>,
) {
  const { error } = schema.safeParse(values);
  const wrong = [...new Set(error?.issues.map(({ path }) => String(path[0])))];
  const fitting = Object.entries(values).filter(([name]) => !wrong.includes(name));
  return {
    values: schema.parse(Object.fromEntries(fitting)),
    wrong: wrong.map((name) => ({ name, got: typeAndValue(values[name]), expected: types[name]?.description ?? "" })),
  };
}

function typeAndValue(value: unknown): string {
  if (value === null) return "null";
  const type = Array.isArray(value) ? "list" : typeof value === "string" ? "text" : typeof value;
  // JSON has no infinity, which is what 1e999 is read as.
  const json = typeof value === "number" ? String(value) : JSON.stringify(value);
  return `the ${type} ${json.length > 100 ? `${json.slice(0, 100)}...` : json}`;
}
