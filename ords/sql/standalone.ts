import type { Desired, Packages } from "../model";
import { type Entry, entry, type Plan } from "../plan/entries";
import type { Allowed } from "../plan/refusals";
import { sampleModule, withSample } from "../plan/sample-api";
import { hasRoleClaim, ownPackages, VersionError } from "../version";
import { callsOf } from "./calls";
import { block, type Fragment, fragment, when } from "./fragment";
import { inComment, literal } from "./literal";
import { callLines, indented } from "./plsql";
import { script } from "./script";
import { foreignProfile, modulesExist, nothingForeign, rememberProtected, stillProtected } from "./script-checks";

/** Lists in SQL may have 1,000 values. */
const maxInList = 500;

export interface ScriptOptions extends Allowed {
  /** ORDS of the database that the script is for, for example `24.2`. @default - any version that has ORDS_SECURITY */
  readonly ordsVersion?: string;
  /** Publish the sample API first, or remove it last. @default false */
  readonly sampleApi?: boolean;
}

/**
 * Register as a script that needs no database to be written. It checks what register checks: nothing of others is in the
 * way, the modules exist, nothing becomes public.
 * @throws VersionError
 */
export function registerScript(desired: Desired, options: ScriptOptions = {}): string {
  const { schema, stack, profile, privileges } = desired;
  const packages = packagesOf(options);
  if (profile.roleClaim !== null && options.ordsVersion && !hasRoleClaim(options.ordsVersion)) {
    throw new VersionError(
      `a role-based profile (claim ${profile.roleClaim}) needs ORDS 25.1 or later: --ords-version is ${options.ordsVersion}`,
    );
  }
  const head = { stack, schema, user: schema, ordsVersion: "", packages, warnings: [], leaves: [] };
  const lines = (entries: readonly Entry[]) => callTexts({ ...head, entries });
  const modules = privileges.flatMap((privilege) => privilege.modules);
  const names = privileges.map(({ name }) => name);
  const roles = [...new Set(privileges.flatMap((privilege) => privilege.roles))].sort();

  const work = [
    ...(options.adopt ? [] : nothingForeign(names)),
    ...(options.sampleApi ? [publishSample(head)] : []),
    ...modulesExist(modules),
    ...(options.expose ? [] : [rememberProtected()]),
    ...roles.map((role) =>
      fragment(
        ["l_found"],
        [
          `SELECT COUNT(*) INTO l_found FROM user_ords_roles WHERE name = ${literal(role)};`,
          ...when("l_found = 0", lines([entry("role", role, { before: null, after: {} })])),
        ],
      ),
    ),
    fragment(
      ["l_found"],
      [
        "-- a profile is deleted and made again, since there is no call to change one",
        "SELECT COUNT(*) INTO l_found FROM user_ords_jwt_profile;",
        ...when("l_found > 0", [`${packages.security}.DELETE_JWT_PROFILE;`]),
        ...lines([entry("JWT profile", schema, { before: null, after: profile })]),
      ],
    ),
    ...privileges.map((privilege) =>
      fragment([], lines([entry("privilege", privilege.name, { before: null, after: privilege })])),
    ),
    deleteLeftovers(names),
    ...(options.expose ? [] : stillProtected()),
  ];
  return script(
    {
      title: `register, schema ${schema}, stack ${stack}`,
      notes: [
        `Makes schema ${schema} accept tokens of ${profile.issuer} for ${profile.audience}`,
        `Run it as ${schema} in SQLcl, SQL*Plus or SQL Developer, as often as you like: it ends in the same state`,
        `${packages.security} is the package of ORDS ${packages.security === "OAUTH" ? "23.3 to 24.2" : "24.3 and later"} (see --ords-version)`,
      ],
      schema,
      packages,
    },
    [block(stack, work)],
  );
}

/** Unregister as a script: what protects something is kept unless `expose`. */
export function unregisterScript(stack: string, schema: string, options: ScriptOptions = {}): string {
  const packages = packagesOf(options);
  const work = [
    foreignProfile(),
    fragment(
      ["l_found", "l_foreign"],
      [
        "SELECT COUNT(*) INTO l_found FROM user_ords_jwt_profile;",
        ...when("l_found > 0 AND l_foreign = 0", [`${packages.security}.DELETE_JWT_PROFILE;`]),
      ],
    ),
    ...(options.sampleApi ? [removeSample(packages)] : []),
    options.expose ? deleteAll() : deleteUnneeded(),
  ];
  return script(
    {
      title: `unregister, schema ${schema}, stack ${stack}`,
      notes: [`Run it as ${schema} in SQLcl, SQL*Plus or SQL Developer, as often as you like`],
      schema,
      packages,
    },
    [block(stack, work)],
  );
}

function packagesOf({ ordsVersion }: ScriptOptions): Packages {
  return ordsVersion === undefined ? { ords: "ORDS", security: "ORDS_SECURITY" } : ownPackages(ordsVersion);
}

function deleteLeftovers(names: readonly string[]): Fragment {
  const others = chunks(names).map((list) => ` AND name NOT IN (${list})`);
  return fragment(
    ["l_marker"],
    [
      "-- delete privileges of this stack that it no longer wants",
      "FOR p IN (",
      "  SELECT name FROM user_ords_privileges",
      `  WHERE comments = l_marker${others.join("\n   ")}`,
      "  ORDER BY name",
      ") LOOP",
      "  ORDS.DELETE_PRIVILEGE(p_name => p.name);",
      "END LOOP;",
    ],
  );
}

const ofThisStack = "FOR p IN (SELECT name FROM user_ords_privileges WHERE comments = l_marker ORDER BY name) LOOP";

function deleteAll(): Fragment {
  return fragment(
    ["l_marker"],
    [
      "-- delete all privileges of this stack: what they protected becomes public",
      ofThisStack,
      "  ORDS.DELETE_PRIVILEGE(p_name => p.name);",
      "END LOOP;",
    ],
  );
}

function deleteUnneeded(): Fragment {
  // Named by this privilege and by none of others.
  const named = (view: string, name: string, owner: string) => [
    `SELECT x.${name} AS name FROM ${view} x`,
    `WHERE x.${owner} = p.name AND NOT EXISTS (`,
    `  SELECT 1 FROM ${view} o JOIN user_ords_privileges f ON f.name = o.${owner}`,
    `  WHERE o.${name} = x.${name} AND (f.comments IS NULL OR f.comments <> l_marker))`,
  ];
  return fragment(
    ["l_found", "l_marker"],
    [
      "-- delete privileges of this stack; one that alone protects something is kept, so that it stays closed",
      ofThisStack,
      ...indented([
        "SELECT COUNT(*) INTO l_found FROM (",
        ...indented(named("user_ords_privilege_modules", "module_name", "privilege_name")),
        "  UNION ALL",
        ...indented(named("user_ords_privilege_mappings", "pattern", "name")),
        ");",
        ...when("l_found = 0", ["ORDS.DELETE_PRIVILEGE(p_name => p.name);"]),
      ]),
      "END LOOP;",
    ],
  );
}

function publishSample(head: Omit<Plan, "entries">): Fragment {
  const { schema } = head;
  const nothing = {
    schema,
    user: schema,
    ordsVersion: "",
    basePath: null,
    profile: null,
    privileges: [],
    modules: [],
    roles: [],
  };
  const [enable, module] = withSample(nothing).entries.map((each) => callTexts({ ...head, entries: [each] }));
  return fragment(
    ["l_found"],
    [
      "SELECT COUNT(*) INTO l_found FROM user_ords_schemas WHERE parsing_schema = USER AND status = 'ENABLED';",
      ...when("l_found = 0", enable ?? []),
      `SELECT COUNT(*) INTO l_found FROM user_ords_modules WHERE name = ${literal(sampleModule.name)};`,
      ...when("l_found = 0", module ?? []),
    ],
  );
}

function removeSample({ ords }: Packages): Fragment {
  const { name, comments, templates } = sampleModule;
  return fragment(
    ["l_found"],
    [
      "-- the sample API, if the module is the one that register published and nobody has added to it",
      "SELECT COUNT(*) INTO l_found FROM user_ords_modules m",
      `WHERE m.name = ${literal(name)} AND m.comments = ${literal(comments)} AND NOT EXISTS (`,
      "  SELECT 1 FROM user_ords_templates t",
      `  WHERE t.module_id = m.id AND t.uri_template NOT IN (${templates.map((template) => literal(template)).join(", ")}));`,
      ...when("l_found > 0", [`${ords}.DELETE_MODULE(p_module_name => ${literal(name)});`]),
    ],
  );
}

function callTexts(plan: Plan): string[] {
  return callsOf(plan).flatMap((call) => [
    `-- ${inComment(call.purpose)}`,
    ...callLines(call, (_, value) => literal(value)),
  ]);
}

function chunks(names: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(names.length / maxInList) }, (_, index) =>
    names
      .slice(index * maxInList, (index + 1) * maxInList)
      .map(literal)
      .join(",\n    "),
  );
}
