import { ownershipMarker } from "../ownership";
import { literal } from "./literal";
import { indented } from "./plsql";

/** Every variable that a script may need, with its type. */
const types = {
  l_marker: (stack: string) => `VARCHAR2(4000) :=\n    ${literal(ownershipMarker(stack))}`,
  l_run: () => "VARCHAR2(64) := DBMS_TRANSACTION.LOCAL_TRANSACTION_ID",
  l_version: () => "VARCHAR2(4000)",
  l_release: () => "NUMBER",
  l_found: () => "NUMBER",
  l_foreign: () => "NUMBER",
  l_name: () => "VARCHAR2(4000)",
  l_names: () => "owa.vc_arr",
};

export type Variable = keyof typeof types;

/** Lines of PL/SQL, and the variables that the block around them has to declare. */
export interface Fragment {
  readonly uses: readonly Variable[];
  readonly lines: readonly string[];
}

export function fragment(uses: readonly Variable[], lines: readonly string[]): Fragment {
  return { uses, lines };
}

/** One anonymous block. */
export function block(stack: string, fragments: readonly Fragment[]): string[] {
  const used = new Set(fragments.flatMap(({ uses }) => uses));
  const declared = Object.entries(types).filter(([name]) => used.has(name as Variable));
  return [
    ...(declared.length > 0 ? ["DECLARE", ...declared.map(([name, type]) => `  ${name} ${type(stack)};`)] : []),
    "BEGIN",
    ...indentedText(fragments.flatMap(({ lines }) => lines)),
    "END;",
  ];
}

export function when(condition: string, lines: readonly string[]): string[] {
  return [`IF ${condition} THEN`, ...indentedText(lines), "END IF;"];
}

/** All lines in one text: moving each by itself would take an undo script an eighth longer. */
function indentedText(lines: readonly string[]): string[] {
  return indented([lines.join("\n")]);
}

/** Ends the script with a message: parts of an expression, a line each. */
export function raise(...message: readonly string[]): string[] {
  return [
    "RAISE_APPLICATION_ERROR(-20900,",
    ...indented(message.map((part, i) => (i === 0 ? part : `|| ${part}`))),
  ].map((line, index) => (index === message.length ? `${line});` : line));
}
