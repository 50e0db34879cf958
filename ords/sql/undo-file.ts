import { Failure } from "../../errors";
import type { Packages, Privilege, Profile } from "../model";
import { sorted } from "../plan/desired";
import type { Restored } from "../plan/restore";
import { type Call, publishSample } from "./calls";
import { parseCall } from "./parse-call";
import { frame, guardedCall, loginCheck } from "./script";
import { undoTitle } from "./undo";

/** The file is not a script of ours. */
class ScriptError extends Failure {
  readonly code = "invalid-script";
}

/**
 * What a saved undo script puts back. It is read as data and never run: every block has to be, character by character, what we
 * write for the call in it.
 * @throws ScriptError for any other file, one that was changed, and one of another schema or stack
 */
export function readUndo(
  text: string,
  { file, schema, stack }: { file: string; schema: string; stack: string },
): Restored {
  const lines = text.trimEnd().split(/\r?\n/);
  const title = frame.titleLine(undoTitle(schema, stack));
  if (lines[0] !== frame.first || lines[1] !== title) {
    throw new ScriptError(
      `${file} is not an undo script of schema ${schema}, stack ${stack}: its second line has to be "${title}"`,
    );
  }
  if (!lines.includes(frame.begin) || lines.at(-1) !== frame.end) {
    throw new ScriptError(`${file} is not complete: it has no "${frame.end}" at its end`);
  }
  const changed = (index: number) =>
    new ScriptError(
      `${file} was changed by hand: line ${index + 1} is not part of a script of ords-jwt; run it in SQLcl`,
    );
  const framing = ["", frame.begin, frame.end, ...frame.commands];
  const calls: Call[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (framing.includes(line) || line.startsWith("--")) continue;
    if (!/^(DECLARE|BEGIN)$/.test(line)) throw changed(index);
    const length = lines.slice(index).indexOf("/");
    if (length < 0) throw new ScriptError(`${file} is not complete: its last block has no "/"`);
    // The line before it says what it is for.
    const block = lines.slice(index - 1, index + length);
    const call = parseCall(block.slice(1).join("\n"), block[0]!.replace(/^-- /, ""));
    const written = call ? guardedCall(call, packagesOf(call)) : loginCheck(schema);
    const difference = written
      .join("\n")
      .split("\n")
      .findIndex((each, offset) => each !== block[offset]);
    if (difference >= 0) throw changed(index - 1 + difference);
    if (written.join("\n") !== block.join("\n") || (call && !mayUndo(call, schema))) throw changed(index);
    if (call) calls.push(call);
    index += length;
  }
  return restoredBy(calls);
}

function packagesOf({ parameters }: Call): Packages {
  const { p_schema: schema } = parameters;
  // Of the packages, only whose they are shows in a guard.
  return {
    ords: "ORDS",
    security: "ORDS_SECURITY",
    ...(typeof schema === "string" && { schema }),
  };
}

/** Whether it is a call that takes back what register or unregister did, in this schema. */
function mayUndo({ procedure, parameters }: Call, schema: string): boolean {
  const { p_schema, ...rest } = parameters;
  if (p_schema !== undefined && p_schema !== schema) return false;
  const [ords = "", name = ""] = procedure.split(".");
  switch (name) {
    case "DEFINE_PRIVILEGE":
    case "DELETE_PRIVILEGE":
    case "CREATE_JWT_PROFILE":
    case "DELETE_JWT_PROFILE":
      return true;
    case "DELETE_MODULE":
      return rest.p_module_name === publishSample(ords)[0]?.parameters.p_module_name;
    default:
      return publishSample(ords).some(
        (call) => call.procedure === procedure && JSON.stringify(call.parameters) === JSON.stringify(rest),
      );
  }
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
