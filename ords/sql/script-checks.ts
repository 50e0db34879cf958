import type { Packages } from "../model";
import { first } from "../version";
import { type Fragment, fragment, raise, when } from "./fragment";
import { literal } from "./literal";
import { indented } from "./plsql";
import { forEachNoted, noteList, setNote, strikeOut } from "./session-notes";

// Fragments that check inside a script what register checks by itself.

/** What the script calls came with a release. */
export function versionCheck({ security }: Packages, roleClaim: boolean): Fragment {
  const needed = roleClaim ? first.roleClaim : security === "OAUTH" ? first.jwtProfiles : first.ordsSecurity;
  const release = `${Math.floor(needed / 100)}.${needed % 100}`;
  return fragment(
    ["l_version", "l_release", "l_found"],
    [
      "l_version := ORDS.INSTALLED_VERSION;",
      "l_found := INSTR(l_version, '.');",
      "l_release := 100 * TO_NUMBER(SUBSTR(l_version, 1, l_found - 1))",
      "  + TO_NUMBER(RTRIM(SUBSTR(l_version, l_found + 1, 2), '.'));",
      ...when(
        `l_release < ${needed}`,
        raise(
          "'this is ORDS ' || l_version",
          `', and the script needs ${release} or later: write one'`,
          "' with --ords-version'",
        ),
      ),
    ],
  );
}

export function isEnabled(): Fragment {
  return fragment(
    ["l_found"],
    [
      "SELECT COUNT(*) INTO l_found FROM user_ords_schemas",
      "WHERE parsing_schema = USER AND status = 'ENABLED';",
      ...when("l_found = 0", raise("'schema ' || USER || ' is not REST-enabled:'", "' ORDS.ENABLE_SCHEMA does that'")),
    ],
  );
}

/** By the ownership marker in its description; by a privilege of the stack beside it where the view has no such column. */
export function foreignProfile(): Fragment {
  return fragment(
    ["l_foreign", "l_marker"],
    [
      "-- whose is the JWT profile? (by its description;",
      "-- whether the view shows that is not documented)",
      "BEGIN",
      "  EXECUTE IMMEDIATE 'SELECT COUNT(*) FROM user_ords_jwt_profile'",
      "    || ' WHERE NVL(INSTR(description, :marker), 0) = 0'",
      "    INTO l_foreign USING '(' || l_marker || ')';",
      "EXCEPTION",
      "  WHEN OTHERS THEN",
      "    IF SQLCODE <> -904 THEN",
      "      RAISE;",
      "    END IF;",
      "    SELECT COUNT(*) INTO l_foreign FROM user_ords_jwt_profile",
      "    WHERE NOT EXISTS (",
      "      SELECT 1 FROM user_ords_privileges",
      "      WHERE comments = l_marker);",
      "END;",
    ],
  );
}

export function noForeignProfile(): Fragment[] {
  return [
    foreignProfile(),
    fragment(
      ["l_foreign"],
      when(
        "l_foreign > 0",
        raise(
          "'the schema has a JWT profile that this stack did not'",
          "' register: delete it, or write the script with --adopt'",
        ),
      ),
    ),
  ];
}

/** Nobody else has made a privilege of these names. */
export function noForeignPrivileges(names: readonly string[]): Fragment {
  return fragment(
    ["l_name", "l_marker"],
    [
      "SELECT MIN(name) INTO l_name FROM user_ords_privileges",
      "WHERE (comments IS NULL OR comments <> l_marker) AND name IN (",
      ...listed(names),
      ");",
      ...when(
        "l_name IS NOT NULL",
        raise(
          "'privilege ' || l_name",
          "' was not made by this stack: delete it, or write'",
          "' the script with --adopt'",
        ),
      ),
    ],
  );
}

export function modulesExist(names: readonly string[]): Fragment {
  return fragment(
    ["l_names", "l_name", "l_found"],
    [
      ...names.map((name, index) => `l_names(${index + 1}) := ${literal(name)};`),
      "FOR i IN 1 .. l_names.COUNT LOOP",
      "  l_name := l_names(i);",
      "  SELECT COUNT(*) INTO l_found FROM user_ords_modules",
      "  WHERE name = l_name;",
      ...indented(when("l_found = 0", raise("'there is no module ' || l_name || ': publish it first'"))),
      "END LOOP;",
    ],
  );
}

interface Named {
  readonly list: string;
  readonly column: string;
  readonly view: string;
  readonly owner: string;
  readonly kind: string;
}

/** Modules and patterns by the names that privileges give: stricter than register, which knows that one pattern holds another. */
const named: readonly [Named, Named] = [
  {
    list: "ORDS_JWT_M",
    column: "module_name",
    view: "user_ords_privilege_modules",
    owner: "privilege_name",
    kind: "module",
  },
  { list: "ORDS_JWT_P", column: "pattern", view: "user_ords_privilege_mappings", owner: "name", kind: "pattern" },
];
const [modules, patterns] = named;

/** What is protected now has to be protected afterwards. */
export function noteProtected(): Fragment[] {
  return named.map(({ list, column, view }) => noteList(list, [`SELECT DISTINCT ${column} AS name FROM ${view}`]));
}

export function modulesWanted(names: readonly string[]): Fragment {
  return strikeOut(modules.list, names.map(literal));
}

export function patternsWanted(names: readonly string[]): Fragment {
  return strikeOut(patterns.list, names.map(literal));
}

/** Privileges that the script defines: by the id that they have before it does, in this run. */
const wanted = "'ORDS_JWT_D' || p.id";
const isUnwanted = [`NVL(SYS_CONTEXT('CLIENTCONTEXT', ${wanted}), '-')`, "  <> l_run"];

export function privilegesWanted(names: readonly string[]): Fragment {
  return fragment(
    ["l_run"],
    [
      "FOR p IN (",
      "  SELECT id FROM user_ords_privileges WHERE name IN (",
      ...indented(listed(names)),
      "  )",
      ") LOOP",
      ...indented(setNote(wanted, "l_run")),
      "END LOOP;",
    ],
  );
}

/** Whatever was not struck out is protected by a privilege of others, one that the script leaves as it is. */
export function nothingBecomesPublic(): Fragment[] {
  return named.map(({ list, column, view, owner, kind }) =>
    fragment(
      ["l_run", "l_name", "l_found", "l_marker"],
      forEachNoted(list, [
        `SELECT COUNT(*) INTO l_found FROM ${view} x`,
        `JOIN user_ords_privileges p ON p.name = x.${owner}`,
        `WHERE x.${column} = l_name`,
        "AND (p.comments IS NULL OR p.comments <> l_marker)",
        `AND ${isUnwanted[0]}`,
        `${isUnwanted[1]};`,
        ...when(
          "l_found = 0",
          raise(
            `'${kind} ' || l_name`,
            "' would become public: name it in a scope, or write'",
            "' the script with --expose'",
          ),
        ),
      ]),
    ),
  );
}

/** Privileges of this stack that it no longer wants. */
export function deleteLeftovers(): Fragment {
  return fragment(
    ["l_run", "l_marker"],
    [
      "FOR p IN (",
      "  SELECT name FROM user_ords_privileges p",
      "  WHERE p.comments = l_marker",
      `  AND ${isUnwanted[0]}`,
      `  ${isUnwanted[1]}`,
      "  ORDER BY name",
      ") LOOP",
      "  ORDS.DELETE_PRIVILEGE(p_name => p.name);",
      "END LOOP;",
    ],
  );
}

function listed(values: readonly string[]): string[] {
  return indented(values.map((value, index) => literal(value) + (index < values.length - 1 ? "," : "")));
}
