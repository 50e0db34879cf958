import { Failure } from "../../errors";
import type { Packages } from "../model";
import type { Call } from "./calls";
import { inComment, literal } from "./literal";
import { callLines, indented } from "./plsql";
import { administratorViews, ownViews, type Views } from "./views";

/** What a script is about, for its head and for its check of the login. */
export interface ScriptHead {
  readonly title: string;
  /** Further lines of comment. */
  readonly notes: readonly string[];
  readonly schema: string;
  /** Whether it runs as an administrator, for any schema. */
  readonly packages: Packages;
}

/** The file is not a script of ours. */
class ScriptError extends Failure {
  readonly code = "invalid-script";
}

const first = "SET DEFINE OFF";
const titleStart = "-- ords-jwt: ";
const commands = [first, "WHENEVER SQLERROR EXIT FAILURE ROLLBACK", "WHENEVER OSERROR EXIT FAILURE ROLLBACK"];
const begin = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;";
const end = "COMMIT;";

/** A script for SQLcl, SQL*Plus and SQL Developer: all of it happens, or nothing. */
export function script(head: ScriptHead, blocks: readonly (readonly string[])[]): string {
  const login = head.packages.schema === undefined ? [loginCheck(head.schema)] : [];
  return [
    first,
    titleStart + inComment(head.title),
    ...head.notes.map((note) => `-- ${inComment(note)}`),
    "-- Commit or roll back your own work first: the script is one transaction, and an error rolls all of it back.",
    ...commands.slice(1),
    "",
    begin,
    "",
    ...[...login, ...blocks].flatMap((block) => [...block, "/", ""]),
    end,
    "",
  ].join("\n");
}

/** Guards a deletion by whether there is something to delete, so that a script can run again. */
export function guardedCall(call: Call, packages: Packages): string[] {
  const lines = callLines(call, (_, value) => literal(value));
  const what = `-- ${inComment(call.purpose)}`;
  const source = deletedFrom(call, viewsOf(packages));
  if (!source) return lines[0] === "DECLARE" ? [what, ...lines] : [what, "BEGIN", ...indented(lines), "END;"];
  return [
    what,
    "DECLARE",
    "  l_found NUMBER;",
    "BEGIN",
    ...indented([`SELECT COUNT(*) INTO l_found FROM ${source};`]),
    "  IF l_found > 0 THEN",
    ...indented(indented(lines)),
    "  END IF;",
    "END;",
  ];
}

/**
 * The blocks of a saved undo script, without its commands, its first statement and its COMMIT.
 * @throws ScriptError for any other file, and for one of another schema or stack
 */
export function blocksIn(
  text: string,
  { file, schema, stack }: { file: string; schema: string; stack: string },
): string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  const title = titleStart + undoTitle(schema, stack);
  if (lines[0] !== first || lines[1] !== title) {
    throw new ScriptError(
      `${file} is not an undo script of schema ${schema}, stack ${stack}: its second line has to be "${title}"`,
    );
  }
  if (!lines.includes(begin) || lines.at(-1) !== end)
    throw new ScriptError(`${file} is not complete: it has no "${end}" at its end`);
  const blocks: string[] = [];
  let block: string[] | undefined;
  for (const [index, line] of lines.entries()) {
    if (block) {
      if (line === "/") {
        blocks.push(block.join("\n"));
        block = undefined;
      } else block.push(line);
    } else if (/^(DECLARE|BEGIN)$/.test(line)) block = [line];
    else if (line !== "" && !line.startsWith("--") && ![...commands, begin, end].includes(line)) {
      throw new ScriptError(
        `${file} was changed by hand: line ${index + 1} is not part of a script of ords-jwt; run it in SQLcl`,
      );
    }
  }
  if (block) throw new ScriptError(`${file} is not complete: its last block has no "/"`);
  return blocks;
}

export function undoTitle(schema: string, stack: string): string {
  return inComment(`undo, schema ${schema}, stack ${stack}`);
}

function viewsOf({ schema }: Packages): Views {
  return schema === undefined ? ownViews : administratorViews(literal(schema));
}

function loginCheck(schema: string): string[] {
  return [
    "-- The packages work on the schema of the login.",
    "BEGIN",
    `  IF USER <> ${literal(schema)} THEN`,
    `    RAISE_APPLICATION_ERROR(-20900, 'log in as ' || ${literal(schema)} || ', not as ' || USER);`,
    "  END IF;",
    "END;",
  ];
}

/** Where to count what a call deletes; undefined for a call that deletes nothing. */
function deletedFrom({ procedure, parameters }: Call, { owned }: Views): string | undefined {
  const named = (view: "privileges" | "modules", parameter: string) =>
    `${owned(view)} WHERE name = ${literal(String(parameters[parameter]))}`;
  if (procedure.endsWith(".DELETE_PRIVILEGE")) return named("privileges", "p_name");
  if (procedure.endsWith(".DELETE_MODULE")) return named("modules", "p_module_name");
  return procedure.endsWith(".DELETE_JWT_PROFILE") ? owned("jwt_profile") : undefined;
}
