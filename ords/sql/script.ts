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

const first = "SET DEFINE OFF";
const titleStart = "-- ords-jwt: ";
/** Commands of SQL*Plus, at the head of every script: a login script may have turned AUTOCOMMIT on, which commits block by block. */
const commands = [
  first,
  "SET AUTOCOMMIT OFF",
  "WHENEVER SQLERROR EXIT FAILURE ROLLBACK",
  "WHENEVER OSERROR EXIT FAILURE ROLLBACK",
];
const begin = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;";
const end = "COMMIT;";

/** What frames the blocks of every script. */
export const frame = { first, begin, end, commands, titleLine: (title: string) => titleStart + inComment(title) };

/** A script for SQLcl, SQL*Plus and SQL Developer: all of it happens, or nothing. */
export function script(head: ScriptHead, blocks: readonly (readonly string[])[]): string {
  const login = head.packages.schema === undefined ? [loginCheck(head.schema)] : [];
  return [
    first,
    frame.titleLine(head.title),
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

function viewsOf({ schema }: Packages): Views {
  return schema === undefined ? ownViews : administratorViews(literal(schema));
}

export function loginCheck(schema: string): string[] {
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
