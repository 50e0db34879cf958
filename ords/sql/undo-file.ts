import { Failure } from "../../errors";
import type { Packages, Privilege, Profile } from "../model";
import { sorted } from "../plan/desired";
import type { Restored } from "../plan/restore";
import { sampleModule } from "../plan/sample-api";
import { type Call, publishSample } from "./calls";
import { joined, parseCall, tokensOf } from "./parse-call";
import { frame } from "./script";
import { undoOf, undoTitle } from "./undo";
import { olderUndoOf } from "./undo-older";

/** The file is not a script of ours. */
class ScriptError extends Failure {
  readonly code = "invalid-script";
}

/**
 * What a saved undo script puts back. It is read as data and never run: all of it has to say what we write for the calls in it.
 * @throws ScriptError for any other file, one that was changed, and one of another schema or stack
 */
export function readUndo(
  text: string,
  { file, schema, stack }: { file: string; schema: string; stack: string },
): Restored {
  const script = text.replaceAll("\r\n", "\n");
  const lines = script.split("\n");
  const title = frame.titleLine(undoTitle(schema, stack));
  if (lines[0] !== frame.first || lines[1] !== title) {
    throw new ScriptError(
      `${file} is not an undo script of schema ${schema}, stack ${stack}: its second line has to be "${title}"`,
    );
  }
  const calls = callsIn(lines).filter((call) => mayUndo(call, schema));
  const found = meaningOf(script);
  // Written by the schema itself or by an administrator, now or before blocks knew of each other.
  const alike = [{}, { schema }]
    .flatMap((whose) => {
      const packages: Packages = { ords: "ORDS", security: "ORDS_SECURITY", ...whose };
      const about = { stack, schema, packages };
      return [undoOf(about, calls), olderUndoOf(about, calls)];
    })
    .map((written) => alikeUntil(found, meaningOf(written)));
  if (!alike.includes(Number.POSITIVE_INFINITY)) {
    const difference = Math.max(...alike);
    if (difference >= found.length - 1)
      throw new ScriptError(`${file} is not complete: something is missing at its end`);
    throw new ScriptError(
      `${file} was changed by hand: line ${found[difference]!.line} is not part of a script of ords-jwt; run it in SQLcl`,
    );
  }
  return restoredBy(calls);
}

function callsIn(lines: readonly string[]): Call[] {
  return lines.flatMap((line, index) => {
    if (!/^(DECLARE|BEGIN)$/.test(line) || /^(DECLARE| {2}.*)$/.test(lines[index - 1] ?? "")) return [];
    const end = lines.indexOf("/", index);
    const block = lines.slice(index, end < 0 ? undefined : end);
    return parseCall(block.join("\n"), "") ?? [];
  });
}

/** Scripts did not always turn AUTOCOMMIT off. */
function meaningOf(script: string) {
  return joined(tokensOf(script.replace(/^SET AUTOCOMMIT OFF$/m, "")));
}

/** Where two scripts begin to differ; infinite when they do not. */
function alikeUntil(found: ReturnType<typeof meaningOf>, written: ReturnType<typeof meaningOf>): number {
  const longest = found.length > written.length ? found : written;
  const difference = longest.findIndex((_, index) => found[index]?.text !== written[index]?.text);
  return difference < 0 ? Number.POSITIVE_INFINITY : difference;
}

/** What the calls of a script may say. */
const mayBeGiven: Readonly<Record<string, readonly string[]>> = {
  DEFINE_PRIVILEGE: [
    ...["p_privilege_name", "p_roles", "p_patterns", "p_modules"],
    ...["p_label", "p_description", "p_comments"],
  ],
  DELETE_PRIVILEGE: ["p_name"],
  CREATE_JWT_PROFILE: [
    ...["p_issuer", "p_audience", "p_jwk_url", "p_description"],
    ...["p_allowed_skew", "p_allowed_age", "p_role_claim_name"],
  ],
  DELETE_JWT_PROFILE: [],
  DELETE_MODULE: ["p_module_name"],
};

/** Whether it is a call that takes back what register or unregister did, in this schema. */
function mayUndo({ procedure, parameters }: Call, schema: string): boolean {
  const { p_schema, ...rest } = parameters;
  if (p_schema !== undefined && p_schema !== schema) return false;
  const [ords = "", name = ""] = procedure.split(".");
  const known = mayBeGiven[name];
  if (!known) {
    return publishSample(ords).some(
      (call) => call.procedure === procedure && JSON.stringify(call.parameters) === JSON.stringify(rest),
    );
  }
  if (name === "DELETE_MODULE" && rest.p_module_name !== sampleModule.name) return false;
  return Object.keys(rest).every((parameter) => known.includes(parameter));
}

function restoredBy(calls: readonly Call[]): Restored {
  const privileges = new Map<string, Privilege | null>();
  let profile: Profile | null | undefined;
  let sampleApi: boolean | undefined;
  for (const { procedure, parameters } of calls) {
    const name = procedure.split(".")[1];
    if (name === "DEFINE_PRIVILEGE") privileges.set(String(parameters.p_privilege_name), privilegeIn(parameters));
    if (name === "DELETE_PRIVILEGE") privileges.set(String(parameters.p_name), null);
    if (name === "DELETE_JWT_PROFILE") profile = null;
    if (name === "CREATE_JWT_PROFILE") profile = profileIn(parameters);
    if (name === "DELETE_MODULE") sampleApi = false;
    if (name === "DEFINE_MODULE") sampleApi = true;
  }
  return { privileges, profile, sampleApi };
}

function privilegeIn(parameters: Call["parameters"]): Privilege {
  const list = (name: string) => sorted((parameters[name] ?? []) as readonly string[]);
  return {
    name: String(parameters.p_privilege_name),
    label: text(parameters.p_label),
    description: text(parameters.p_description),
    comments: text(parameters.p_comments),
    roles: list("p_roles"),
    modules: list("p_modules"),
    patterns: list("p_patterns"),
  };
}

function profileIn(parameters: Call["parameters"]): Profile {
  const seconds = (value: unknown) => (typeof value === "number" ? value : null);
  return {
    issuer: text(parameters.p_issuer) ?? "",
    audience: text(parameters.p_audience) ?? "",
    jwkUrl: text(parameters.p_jwk_url) ?? "",
    description: text(parameters.p_description),
    allowedSkew: seconds(parameters.p_allowed_skew),
    allowedAge: seconds(parameters.p_allowed_age),
    roleClaim: text(parameters.p_role_claim_name),
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
