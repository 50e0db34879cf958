import type { Plan } from "../plan/entries";
import type { Call } from "./calls";
import { literal } from "./literal";
import { callLines, indented } from "./plsql";
import { frame } from "./script";
import { undoTitle } from "./undo";
import { viewsOf } from "./views";

/** An undo script as it was saved before its blocks knew of each other: it has to be read as long as somebody may keep one. */
export function olderUndoOf(
  { stack, schema, packages }: Pick<Plan, "stack" | "schema" | "packages">,
  calls: readonly Call[],
): string {
  const own = packages.schema === undefined;
  const { owned } = viewsOf(packages);
  const source = ({ procedure, parameters }: Call): string | undefined => {
    if (procedure.endsWith(".DELETE_PRIVILEGE")) {
      return `${owned("privileges")} WHERE name = ${literal(String(parameters.p_name))}`;
    }
    if (procedure.endsWith(".DELETE_MODULE")) {
      return `${owned("modules")} WHERE name = ${literal(String(parameters.p_module_name))}`;
    }
    return procedure.endsWith(".DELETE_JWT_PROFILE") ? owned("jwt_profile") : undefined;
  };
  const block = (call: Call): string[] => {
    const lines = callLines(call, (_, value) => literal(value));
    const from = source(call);
    if (!from) return lines[0] === "DECLARE" ? lines : ["BEGIN", ...indented(lines), "END;"];
    return [
      ...["DECLARE", "l_found NUMBER;", "BEGIN", `SELECT COUNT(*) INTO l_found FROM ${from};`],
      ...["IF l_found > 0 THEN", ...lines, "END IF;", "END;"],
    ];
  };
  const login = [
    ...["BEGIN", `IF USER <> ${literal(schema)} THEN`],
    `RAISE_APPLICATION_ERROR(-20900, 'log in as ' || ${literal(schema)} || ', not as ' || USER);`,
    ...["END IF;", "END;"],
  ];
  return [
    frame.first,
    frame.titleLine(undoTitle(schema, stack)),
    ...frame.commands.slice(1),
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
    ...[...(own ? [login] : []), ...calls.map(block)].flatMap((lines) => [...lines, "/"]),
    "COMMIT;",
  ].join("\n");
}
