import { ownershipMarker } from "../ownership";
import { literal } from "./literal";
import { indented } from "./plsql";

/** Every variable that a script may need, with its type. */
const types = {
  l_marker: (stack: string) => `VARCHAR2(4000) := ${literal(ownershipMarker(stack))}`,
  l_found: () => "NUMBER",
  l_foreign: () => "NUMBER",
  l_name: () => "VARCHAR2(4000)",
  l_names: () => "owa.vc_arr",
  l_needed: () => "owa.vc_arr",
  l_closed_modules: () => "owa.vc_arr",
  l_closed_patterns: () => "owa.vc_arr",
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

/** One block, so that even a tool that goes on after errors leaves nothing half done. */
export function block(stack: string, fragments: readonly Fragment[]): string[] {
  const used = new Set(fragments.flatMap(({ uses }) => uses));
  return [
    "DECLARE",
    ...Object.entries(types)
      .filter(([name]) => used.has(name as Variable))
      .map(([name, type]) => `  ${name} ${type(stack)};`),
    "BEGIN",
    ...indented(fragments.flatMap(({ lines }) => lines)),
    "END;",
  ];
}

export function when(condition: string, lines: readonly string[]): string[] {
  return [`IF ${condition} THEN`, ...indented(lines), "END IF;"];
}
