import { literal } from "./literal";
import { indented } from "./plsql";

// Lines of PL/SQL that check inside a script what register checks by itself. They use the variables of `block` in standalone.ts.

/** By the mark in its description; by a privilege of the stack beside it where the view has no such column. */
export function foreignProfile(): string[] {
  return [
    "-- whose is the JWT profile? (by its description; whether the view shows that is not documented)",
    "BEGIN",
    "  EXECUTE IMMEDIATE 'SELECT COUNT(*) FROM user_ords_jwt_profile WHERE NVL(INSTR(description, :mark), 0) = 0'",
    "    INTO l_foreign USING '(' || l_mark || ')';",
    "EXCEPTION",
    "  WHEN OTHERS THEN",
    "    IF SQLCODE <> -904 THEN",
    "      RAISE;",
    "    END IF;",
    "    SELECT COUNT(*) INTO l_foreign FROM user_ords_jwt_profile",
    "    WHERE NOT EXISTS (SELECT 1 FROM user_ords_privileges WHERE comments = l_mark);",
    "END;",
  ];
}

export function nothingForeign(names: readonly string[]): string[] {
  return [
    ...foreignProfile(),
    ...when("l_foreign > 0", [
      raise(
        "'the schema has a JWT profile that this stack did not register: delete it, or write the script with --adopt'",
      ),
    ]),
    "-- nobody else has made a privilege of these names",
    ...names.map((name, index) => `l_names(${index + 1}) := ${literal(name)};`),
    "FOR i IN 1 .. l_names.COUNT LOOP",
    "  l_name := l_names(i);",
    "  SELECT COUNT(*) INTO l_found FROM user_ords_privileges",
    "  WHERE name = l_name AND (comments IS NULL OR comments <> l_mark);",
    ...indented(
      when("l_found > 0", [
        raise("'privilege ' || l_name || ' was not made by this stack: delete it, or write the script with --adopt'"),
      ]),
    ),
    "END LOOP;",
  ];
}

export function modulesExist(modules: readonly string[]): string[] {
  if (modules.length === 0) return [];
  return [
    "-- every module that is to be protected exists",
    ...modules.map((name, index) => `l_needed(${index + 1}) := ${literal(name)};`),
    "FOR i IN 1 .. l_needed.COUNT LOOP",
    "  l_name := l_needed(i);",
    "  SELECT COUNT(*) INTO l_found FROM user_ords_modules WHERE name = l_name;",
    ...indented(when("l_found = 0", [raise("'there is no module ' || l_name || ': publish it first'")])),
    "END LOOP;",
  ];
}

/** Modules and patterns by the names that privileges give: stricter than register, which knows that one pattern holds another. */
const protectedThings = [
  { list: "l_closed_modules", column: "module_name", view: "user_ords_privilege_modules", kind: "module" },
  { list: "l_closed_patterns", column: "pattern", view: "user_ords_privilege_mappings", kind: "pattern" },
] as const;

export function rememberProtected(): string[] {
  return [
    "-- what is protected now has to be protected afterwards",
    ...protectedThings.flatMap(({ list, column, view }) => [
      `FOR t IN (SELECT DISTINCT ${column} AS name FROM ${view}) LOOP`,
      `  ${list}(${list}.COUNT + 1) := t.name;`,
      "END LOOP;",
    ]),
  ];
}

export function stillProtected(): string[] {
  return protectedThings.flatMap(({ list, column, view, kind }) => [
    `FOR i IN 1 .. ${list}.COUNT LOOP`,
    `  l_name := ${list}(i);`,
    `  SELECT COUNT(*) INTO l_found FROM ${view} WHERE ${column} = l_name;`,
    ...indented(
      when("l_found = 0", [
        raise(`'${kind} ' || l_name || ' would become public: name it in a scope, or write the script with --expose'`),
      ]),
    ),
    "END LOOP;",
  ]);
}

export function when(condition: string, lines: readonly string[]): string[] {
  return [`IF ${condition} THEN`, ...indented(lines), "END IF;"];
}

function raise(message: string): string {
  return `RAISE_APPLICATION_ERROR(-20900, ${message});`;
}
