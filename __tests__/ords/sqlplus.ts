import type oracledb from "oracledb";

export type Statement =
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "block" | "sql"; readonly text: string };

/** A script as SQL*Plus takes it: its own commands are a line each, SQL ends in a semicolon, a block in a line with a slash. */
export function statementsOf(script: string): Statement[] {
  const statements: Statement[] = [];
  const lines = script.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (line === "" || line.startsWith("--")) continue;
    const isBlock = /^(DECLARE|BEGIN)$/.test(line);
    if (!isBlock && /^(SET (?!TRANSACTION)|WHENEVER|PROMPT|COLUMN) ?/.test(line)) {
      statements.push({ kind: "command", text: line });
      continue;
    }
    const end = lines.findIndex((each, at) => at >= index && (isBlock ? each === "/" : each.endsWith(";")));
    if (end < 0) throw new Error(`line ${index + 1} begins a statement that does not end: ${line}`);
    const text = lines.slice(index, isBlock ? end : end + 1).join("\n");
    statements.push(isBlock ? { kind: "block", text } : { kind: "sql", text: text.replace(/;$/, "") });
    index = end;
  }
  return statements;
}

export interface Ran {
  /** Messages of the statements that failed. */
  readonly errors: readonly string[];
  /** What the queries at its end gave. */
  readonly results: readonly (readonly unknown[])[];
}

/**
 * Runs a script through the driver.
 * @param tool SQL*Plus does what `WHENEVER SQLERROR` says; others may go on after an error, or commit each statement
 */
export async function runScript(
  connection: oracledb.Connection,
  script: string,
  tool: "SQL*Plus" | "goes on" | "commits each" = "SQL*Plus",
): Promise<Ran> {
  const errors: string[] = [];
  const results: unknown[][] = [];
  for (const { kind, text } of statementsOf(script)) {
    if (kind === "command") continue;
    try {
      const { rows } = await connection.execute(text, [], { autoCommit: tool === "commits each" });
      if (rows) results.push(rows);
    } catch (error) {
      errors.push((error as Error).message);
      if (tool !== "SQL*Plus") continue;
      await connection.rollback();
      break;
    }
  }
  return { errors, results };
}
