import type { Desired, Packages } from "../model";
import { type Entry, entry, type Plan } from "../plan/entries";
import type { Allowed } from "../plan/refusals";
import { sampleModule, withSample } from "../plan/sample-api";
import { hasRoleClaim, ownPackages, VersionError } from "../version";
import { ownSample } from "./call-step";
import { callsOf } from "./calls";
import { type Fragment, fragment, when } from "./fragment";
import { commentLines, literal } from "./literal";
import { callLines, indented } from "./plsql";
import { changelog, type ScriptHead, script } from "./script";
import {
  deleteLeftovers,
  foreignProfile,
  isEnabled,
  modulesExist,
  modulesWanted,
  noForeignPrivileges,
  noForeignProfile,
  noteProtected,
  nothingBecomesPublic,
  patternsWanted,
  privilegesWanted,
  versionCheck,
} from "./script-checks";
import type { Step } from "./steps";
import { viewsOf } from "./views";

/** How much goes into one block: names that are compared, privileges or roles that are defined, lines. */
const maxNames = 50;
const maxLines = 1000;

export interface ScriptOptions extends Allowed {
  /** ORDS of the database that the script is for, for example `24.2`. @default - any version that has ORDS_SECURITY */
  readonly ordsVersion?: string;
  /** Publish the sample API first, or remove it last. @default false */
  readonly sampleApi?: boolean;
}

/**
 * Register as a script that needs no database to be written. It checks what register checks, before it changes anything: nothing
 * of others is in the way, the modules exist, nothing becomes public.
 * @throws VersionError
 */
export function registerScript(desired: Desired, options: ScriptOptions = {}): string {
  return script(...registering(desired, options));
}

/** Unregister as a script: what protects something is kept unless `expose`. */
export function unregisterScript(stack: string, schema: string, options: ScriptOptions = {}): string {
  return script(...unregistering(stack, schema, options));
}

/** Register for Liquibase or a SQLcl project, with unregister for its rollback. */
export function registerChangelog(desired: Desired, options: ScriptOptions = {}): string {
  const { stack, schema } = desired;
  return changelog(registering(desired, options), unregistering(stack, schema, { ...options, expose: false }));
}

function registering(desired: Desired, options: ScriptOptions): [ScriptHead, Step[]] {
  const { schema, stack, profile, privileges } = desired;
  const packages = packagesOf(options);
  if (profile.roleClaim !== null && options.ordsVersion && !hasRoleClaim(options.ordsVersion)) {
    throw new VersionError(
      `a role-based profile (claim ${profile.roleClaim}) needs ORDS 25.1 or later: --ords-version is ${options.ordsVersion}`,
    );
  }
  const { adopt = false, expose = false, sampleApi = false } = options;
  const head = { stack, schema, user: schema, ordsVersion: "", packages, warnings: [], leaves: [] };
  const lines = (entries: readonly Entry[]) => callTexts({ ...head, entries });
  const modules = privileges.flatMap((privilege) => privilege.modules);
  const patterns = privileges.flatMap((privilege) => privilege.patterns);
  const names = privileges.map(({ name }) => name);
  const roles = [...new Set(privileges.flatMap((privilege) => privilege.roles))].sort();
  const published = modules.filter((name) => !sampleApi || name !== sampleModule.name);

  const checks = [
    ...chunks(names).map((list) =>
      step(`look for privileges ${range(list)}`, [
        ...(adopt ? [] : [noForeignPrivileges(list)]),
        privilegesWanted(list),
      ]),
    ),
    ...chunks(published).map((list) => step(`look for modules ${range(list)}`, [modulesExist(list)])),
    ...(expose
      ? []
      : [
          ...chunks(modules).map((list) => step(`compare modules ${range(list)}`, [modulesWanted(list)])),
          ...chunks(patterns).map((list) => step(`compare patterns ${range(list)}`, [patternsWanted(list)])),
          step("check that nothing becomes public", nothingBecomesPublic()),
        ]),
  ];
  const changes = [
    ...(sampleApi ? [step("publish the sample API, if it is not there", [publishSample(head)])] : []),
    step("delete privileges of this stack that it no longer wants", [deleteLeftovers()]),
    ...chunks(roles).map((list) =>
      step(
        `create roles ${range(list)}, if they are not there`,
        list.map((role) =>
          fragment(
            ["l_found"],
            [
              "SELECT COUNT(*) INTO l_found FROM user_ords_roles",
              `WHERE name = ${literal(role)};`,
              ...when("l_found = 0", lines([entry("role", role, { before: null, after: {} })])),
            ],
          ),
        ),
      ),
    ),
    step(`make the JWT profile of schema ${schema}`, [
      fragment(
        ["l_found"],
        [
          "-- deleted and made again, since there is no call to change one",
          "SELECT COUNT(*) INTO l_found FROM user_ords_jwt_profile;",
          ...when("l_found > 0", [`${packages.security}.DELETE_JWT_PROFILE;`]),
          ...lines([entry("JWT profile", schema, { before: null, after: profile })]),
        ],
      ),
    ]),
    ...groups(
      privileges.map(({ name, ...rest }) => ({
        name,
        lines: lines([entry("privilege", name, { before: null, after: { name, ...rest } })]),
      })),
    ).map((group) =>
      step(
        `define privileges ${range(group.map(({ name }) => name))}`,
        group.map((each) => fragment([], each.lines)),
      ),
    ),
  ];
  return [
    {
      title: `register, schema ${schema}, stack ${stack}`,
      notes: [
        `Makes schema ${schema} accept tokens of ${profile.issuer} for ${profile.audience}`,
        `Run it as ${schema} in SQLcl, SQL*Plus or SQL Developer, as often as you like: it ends in the same state`,
        `${packages.security} is the package of ORDS ${packages.security === "OAUTH" ? "23.3 to 24.2" : "24.3 and later"} (see --ords-version)`,
      ],
      stack,
      schema,
      packages,
      checks: [
        versionCheck(packages, profile.roleClaim !== null),
        ...(sampleApi ? [] : [isEnabled()]),
        ...(adopt ? [] : noForeignProfile()),
        ...(expose ? [] : noteProtected()),
      ],
    },
    [...checks, ...changes],
  ];
}

function unregistering(stack: string, schema: string, options: ScriptOptions): [ScriptHead, Step[]] {
  const packages = packagesOf(options);
  return [
    {
      title: `unregister, schema ${schema}, stack ${stack}`,
      notes: [`Run it as ${schema} in SQLcl, SQL*Plus or SQL Developer, as often as you like`],
      stack,
      schema,
      packages,
      checks: [versionCheck(packages, false)],
    },
    [
      step("delete the JWT profile, if this stack made it", [
        foreignProfile(),
        fragment(
          ["l_found", "l_foreign"],
          [
            "SELECT COUNT(*) INTO l_found FROM user_ords_jwt_profile;",
            ...when("l_found > 0 AND l_foreign = 0", [`${packages.security}.DELETE_JWT_PROFILE;`]),
          ],
        ),
      ]),
      ...(options.sampleApi
        ? [step("delete the sample API, if nobody has added to it", [removeSample(packages)])]
        : []),
      options.expose
        ? step("delete all privileges of this stack: what they protect becomes public", [deleteAll()])
        : step("delete privileges of this stack, but those that alone protect something", [deleteUnneeded()]),
    ],
  ];
}

function packagesOf({ ordsVersion }: ScriptOptions): Packages {
  return ordsVersion === undefined ? { ords: "ORDS", security: "ORDS_SECURITY" } : ownPackages(ordsVersion);
}

const ofThisStack = [
  "FOR p IN (",
  "  SELECT name FROM user_ords_privileges",
  "  WHERE comments = l_marker ORDER BY name",
  ") LOOP",
];

function deleteAll(): Fragment {
  return fragment(["l_marker"], [...ofThisStack, "  ORDS.DELETE_PRIVILEGE(p_name => p.name);", "END LOOP;"]);
}

function deleteUnneeded(): Fragment {
  // Named by this privilege and by none of others.
  const named = (view: string, name: string, owner: string) => [
    `SELECT x.${name} AS name FROM ${view} x`,
    `WHERE x.${owner} = p.name AND NOT EXISTS (`,
    `  SELECT 1 FROM ${view} o`,
    `  JOIN user_ords_privileges f ON f.name = o.${owner}`,
    `  WHERE o.${name} = x.${name}`,
    "  AND (f.comments IS NULL OR f.comments <> l_marker))",
  ];
  return fragment(
    ["l_found", "l_marker"],
    [
      ...ofThisStack,
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
      "SELECT COUNT(*) INTO l_found FROM user_ords_schemas",
      "WHERE parsing_schema = USER AND status = 'ENABLED';",
      ...when("l_found = 0", enable ?? []),
      "SELECT COUNT(*) INTO l_found FROM user_ords_modules",
      `WHERE name = ${literal(sampleModule.name)};`,
      ...when("l_found = 0", module ?? []),
    ],
  );
}

function removeSample(packages: Packages): Fragment {
  return fragment(
    ["l_found"],
    [
      `SELECT COUNT(*) INTO l_found FROM ${ownSample(viewsOf(packages)).join("\n")};`,
      ...when("l_found > 0", [`${packages.ords}.DELETE_MODULE(p_module_name => ${literal(sampleModule.name)});`]),
    ],
  );
}

function callTexts(plan: Plan): string[] {
  return callsOf(plan).flatMap((call) => [
    ...commentLines(call.purpose, 4),
    ...callLines(call, (_, value) => literal(value)),
  ]);
}

function step(purpose: string, work: readonly Fragment[]): Step {
  return { purpose, work };
}

/** `a`, or `a to z`. */
function range(names: readonly string[]): string {
  return [...new Set([names[0], names.at(-1)])].join(" to ");
}

function chunks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / maxNames) }, (_, index) =>
    list.slice(index * maxNames, (index + 1) * maxNames),
  );
}

/** As few groups as the bounds allow, in order; one privilege is never split. */
function groups<T extends { readonly lines: readonly string[] }>(all: readonly T[]): T[][] {
  const found: T[][] = [];
  let size = 0;
  for (const each of all) {
    const group = found.at(-1);
    if (group && group.length < maxNames && size + each.lines.length <= maxLines) group.push(each);
    else {
      found.push([each]);
      size = 0;
    }
    size += each.lines.length;
  }
  return found;
}
