import { prompt } from "./literal";
import { indented } from "./plsql";
import type { Views } from "./views";

/** Commands of SQL*Plus: 80 columns, no page breaks. */
const layout = [
  "SET LINESIZE 80",
  "SET PAGESIZE 50000",
  "COLUMN issuer FORMAT A78",
  "COLUMN audience FORMAT A78",
  "COLUMN jwk_url FORMAT A78",
  "COLUMN description FORMAT A78",
  "COLUMN privilege FORMAT A34",
  "COLUMN protects FORMAT A44",
  "COLUMN module FORMAT A24",
  "COLUMN path FORMAT A54",
];

/** What there is now, for whoever ran a script: read after the commit, and so also when nothing was changed. */
export function closingQueries(schema: string, views: Views): string[] {
  const { owned } = views;
  return [
    ...layout,
    "",
    prompt(`JWT profile of ${schema} now:`),
    ended([`SELECT * FROM ${owned("jwt_profile")}`]),
    "",
    prompt(`Protected in ${schema} now (what ORDS itself protects is left out):`),
    ended(privilegesQuery(views)),
    "",
    prompt(`Public in ${schema} now, or not certain to be protected:`),
    ended(publicQuery(views)),
  ];
}

function ended(query: readonly string[]): string {
  return `${query.join("\n")};`;
}

function privilegesQuery({ ofPrivileges }: Views): string[] {
  return [
    "SELECT privilege, protects FROM (",
    ...indented([
      "SELECT privilege_name AS privilege, 'module ' || module_name AS protects",
      `FROM ${ofPrivileges("privilege_modules")}`,
      "UNION ALL",
      "SELECT name, 'pattern ' || pattern",
      `FROM ${ofPrivileges("privilege_mappings")}`,
    ]),
    ")",
    "WHERE privilege NOT LIKE 'oracle.%'",
    "ORDER BY 1, 2",
  ];
}

/**
 * Templates of modules that no privilege names, whose path no pattern is certain to match: `/x/*` what is below, `/x` that path;
 * a path counts with and without a slash at its end.
 */
function publicQuery({ owned, ofPrivileges }: Views): string[] {
  const mappings = ofPrivileges("privilege_mappings");
  const without = (text: string, characters: string) =>
    [...characters].map((each) => `AND INSTR(${text}, '${each}') = 0`);
  return [
    "SELECT e.module, e.path FROM (",
    ...indented([
      "SELECT m.name AS module, NVL(RTRIM(RTRIM(",
      "  '/' || LTRIM(m.uri_prefix, '/'), '/') || '/' || LTRIM(",
      "  CASE t.uri_template WHEN '.' THEN NULL ELSE t.uri_template END,",
      "  '/'), '/'), '/') AS path",
      `FROM ${owned("modules")} m`,
      `JOIN ${owned("templates")} t ON t.module_id = m.id`,
      "WHERE NOT EXISTS (",
      `  SELECT 1 FROM ${ofPrivileges("privilege_modules")} x`,
      "  WHERE x.module_name = m.name)",
    ]),
    ") e",
    "WHERE NOT EXISTS (",
    ...indented([
      `SELECT 1 FROM ${mappings} c`,
      "WHERE c.pattern LIKE '/%*' AND c.pattern LIKE '%/*'",
      "AND SUBSTR(e.path, 1, LENGTH(c.pattern) - 1) = RTRIM(c.pattern, '*')",
      ...without("RTRIM(c.pattern, '*')", "*:{%"),
      ...without("REPLACE(REPLACE(e.path, '/:', '/'), '/{', '/')", "*:{?"),
    ]),
    ")",
    "AND NOT (",
    ...indented([
      `EXISTS (SELECT 1 FROM ${mappings} c`,
      "  WHERE c.pattern = e.path)",
      `AND EXISTS (SELECT 1 FROM ${mappings} c`,
      "  WHERE c.pattern = e.path || '/*')",
      ...without("e.path", "*:{?"),
    ]),
    ")",
    "ORDER BY 1, 2",
  ];
}
