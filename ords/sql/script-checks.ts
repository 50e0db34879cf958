import { type Fragment, fragment, type Variable, when } from "./fragment";
import { literal } from "./literal";
import { indented } from "./plsql";

// Fragments that check inside a script what register checks by itself.

/** By the ownership marker in its description; by a privilege of the stack beside it where the view has no such column. */
export function foreignProfile(): Fragment {
  return fragment(
    ["l_foreign", "l_marker"],
    [
      "-- whose is the JWT profile? (by its description; whether the view shows that is not documented)",
      "BEGIN",
      "  EXECUTE IMMEDIATE 'SELECT COUNT(*) FROM user_ords_jwt_profile WHERE NVL(INSTR(description, :marker), 0) = 0'",
      "    INTO l_foreign USING '(' || l_marker || ')';",
      "EXCEPTION",
      "  WHEN OTHERS THEN",
      "    IF SQLCODE <> -904 THEN",
      "      RAISE;",
      "    END IF;",
      "    SELECT COUNT(*) INTO l_foreign FROM user_ords_jwt_profile",
      "    WHERE NOT EXISTS (SELECT 1 FROM user_ords_privileges WHERE comments = l_marker);",
      "END;",
    ],
  );
}

export function nothingForeign(names: readonly string[]): Fragment[] {
  return [
    foreignProfile(),
    fragment(
      ["l_foreign"],
      when("l_foreign > 0", [
        raise(
          "'the schema has a JWT profile that this stack did not register: delete it, or write the script with --adopt'",
        ),
      ]),
    ),
    fragment(
      ["l_names", "l_name", "l_found", "l_marker"],
      [
        "-- nobody else has made a privilege of these names",
        ...names.map((name, index) => `l_names(${index + 1}) := ${literal(name)};`),
        "FOR i IN 1 .. l_names.COUNT LOOP",
        "  l_name := l_names(i);",
        "  SELECT COUNT(*) INTO l_found FROM user_ords_privileges",
        "  WHERE name = l_name AND (comments IS NULL OR comments <> l_marker);",
        ...indented(
          when("l_found > 0", [
            raise(
              "'privilege ' || l_name || ' was not made by this stack: delete it, or write the script with --adopt'",
            ),
          ]),
        ),
        "END LOOP;",
      ],
    ),
  ];
}

export function modulesExist(modules: readonly string[]): Fragment[] {
  if (modules.length === 0) return [];
  return [
    fragment(
      ["l_needed", "l_name", "l_found"],
      [
        "-- every module that is to be protected exists",
        ...modules.map((name, index) => `l_needed(${index + 1}) := ${literal(name)};`),
        "FOR i IN 1 .. l_needed.COUNT LOOP",
        "  l_name := l_needed(i);",
        "  SELECT COUNT(*) INTO l_found FROM user_ords_modules WHERE name = l_name;",
        ...indented(when("l_found = 0", [raise("'there is no module ' || l_name || ': publish it first'")])),
        "END LOOP;",
      ],
    ),
  ];
}

interface Named {
  readonly list: Variable;
  readonly column: string;
  readonly view: string;
  readonly kind: string;
}

/** Modules and patterns by the names that privileges give: stricter than register, which knows that one pattern holds another. */
const protectedNames: readonly Named[] = [
  { list: "l_closed_modules", column: "module_name", view: "user_ords_privilege_modules", kind: "module" },
  { list: "l_closed_patterns", column: "pattern", view: "user_ords_privilege_mappings", kind: "pattern" },
];

export function rememberProtected(): Fragment {
  return fragment(
    protectedNames.map(({ list }) => list),
    [
      "-- what is protected now has to be protected afterwards",
      ...protectedNames.flatMap(({ list, column, view }) => [
        `FOR t IN (SELECT DISTINCT ${column} AS name FROM ${view}) LOOP`,
        `  ${list}(${list}.COUNT + 1) := t.name;`,
        "END LOOP;",
      ]),
    ],
  );
}

export function stillProtected(): Fragment[] {
  return protectedNames.map(({ list, column, view, kind }) =>
    fragment(
      [list, "l_name", "l_found"],
      [
        `FOR i IN 1 .. ${list}.COUNT LOOP`,
        `  l_name := ${list}(i);`,
        `  SELECT COUNT(*) INTO l_found FROM ${view} WHERE ${column} = l_name;`,
        ...indented(
          when("l_found = 0", [
            raise(
              `'${kind} ' || l_name || ' would become public: name it in a scope, or write the script with --expose'`,
            ),
          ]),
        ),
        "END LOOP;",
      ],
    ),
  );
}

function raise(message: string): string {
  return `RAISE_APPLICATION_ERROR(-20900, ${message});`;
}
