/** Lists what the engine has, for its README: `npm run reference -w @ords-jwt/stand-ins` writes it there. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dbmsOutput } from "./dbms-output";
import { dbmsSession } from "./dbms-session";
import { dbmsTransaction } from "./dbms-transaction";
import { aggregates } from "./expression-parser";
import { specialFunctions } from "./expressions";
import { builtIns } from "./functions";
import { ordsAdminPackage, ordsPackage } from "./ords-package";
import { jwtProfilePackages } from "./ords-security-package";
import type { Package, Parameter } from "./packages";
import { OrdsVersion } from "./versions";
import { ordsViews, systemViews } from "./views";

const newest = new OrdsVersion("26.3.0.r0");
/** The last one with OAUTH. */
const withOauth = new OrdsVersion("25.2.0.r0");

/** What ORDS is known to have as well: from its release notes, its install log and public scripts. */
const knownViews =
  `APPROVALS CLIENTS CLIENT_PRIVILEGES CLIENT_ROLES ENABLED_OBJECTS HANDLERS JWT_PROFILE MODULES OBJECTS
  OBJ_MEMBERS PARAMETERS PENDING_APPROVALS PRIVILEGES PRIVILEGE_MAPPINGS PRIVILEGE_MODULES PRIVILEGE_ROLES PROPERTIES ROLES
  SCHEMAS SERVICES TEMPLATES`.split(/\s+/);
const knownProcedures = ["RENAME_MODULE", "RENAME_PRIVILEGE", "RENAME_ROLE"];

export function reference(): string {
  const views = [...ordsViews(newest)];
  const own = views.filter(([name]) => name.startsWith("USER_"));
  const present = new Set(own.map(([name]) => name.replace("USER_ORDS_", "")));
  const procedures = new Set(ordsPackage(newest).subprograms.map(({ name }) => name));
  const jwtProfiles = [newest, withOauth].map((version) => jwtProfilePackages(version, true));
  const [security, securityAdmin] = packagesNamed("ORDS_SECURITY", jwtProfiles[0]!);
  const [oauth, oauthAdmin] = packagesNamed("OAUTH", jwtProfiles[1]!);
  return [
    "### Functions",
    "",
    `Of SQL and PL/SQL: ${list([...builtIns.keys(), ...specialFunctions])}. Of groups: ${list(aggregates)}.`,
    "",
    "### Views",
    "",
    "Each `USER_ORDS_*` view has a `DBA_ORDS_*` twin from 24.4 on.",
    "",
    ...own.map(([name, { columns }]) => `- \`${name}\`: ${columns.join(", ")}`),
    `- of the database itself: ${list(systemViews.keys())}`,
    "",
    `Known of ORDS and not here: ${list(knownViews.filter((name) => !present.has(name)))}.`,
    "",
    "### Packages",
    "",
    ...[dbmsOutput, dbmsSession, dbmsTransaction].flatMap((each) => describe(each)),
    ...describe(ordsPackage(newest), ordsAdminPackage),
    ...describe(security, securityAdmin),
    ...describe(oauth, oauthAdmin),
    `Known of ORDS and not here: ${list(knownProcedures.filter((name) => !procedures.has(name)))}; packages for OAuth clients and exports.`,
  ].join("\n");
}

function packagesNamed(name: string, among: Package[]): [Package, Package] {
  const [own, admin] = [name, `${name}_ADMIN`].map((wanted) => among.find((each) => each.name === wanted));
  if (!own || !admin) throw new Error(`no packages ${name} and ${name}_ADMIN`);
  return [own, admin];
}

function describe({ name, subprograms, constants }: Package, twin?: Package): string[] {
  const calls = subprograms.map(({ name: member, parameters }) => {
    return parameters.length === 0 ? `- \`${member}\`` : `- \`${member}(${parameters.map(parameter).join(", ")})\``;
  });
  const named = constants ? [`- constants ${list(Object.keys(constants))}`] : [];
  const inTwin = new Set(twin?.subprograms.map((subprogram) => subprogram.name));
  const missing = [...new Set(subprograms.map((subprogram) => subprogram.name))].filter((each) => !inTwin.has(each));
  const without = missing.length > 0 ? `, without ${list(missing)}` : "";
  const administrators = twin
    ? [`- \`${twin.name}\`: the same for the schema that a first \`p_schema\` names${without}`]
    : [];
  return [`\`${name}\``, "", ...calls, ...named, ...administrators, ""];
}

function parameter({ name, default: value, out }: Parameter): string {
  const text = name.toLowerCase();
  return out ? `OUT ${text}` : value === undefined ? text : `[${text}]`;
}

function list(names: Iterable<string>): string {
  return [...names]
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ");
}

const file = join(__dirname, "README.md");
const section = /(?<=<!-- reference -->\n\n)[\s\S]*(?=\n\n<!-- \/reference -->)/;

/** What the README holds between its two marks. */
export function writtenReference(): string | undefined {
  return section.exec(readFileSync(file, "utf8"))?.[0];
}

if (require.main === module)
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(section, () => reference()),
  );
