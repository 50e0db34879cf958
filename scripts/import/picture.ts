import { wrapAnsi } from "fast-wrap-ansi";
import { stackTag } from "../../config/words";
import { Coverage } from "../../ords/plan/coverage";
import { clean } from "../terminal/clean";
import { colours } from "../terminal/colours";
import { stringWidth } from "../terminal/string-width";
import type { Found } from "./found";
import { type Note, quoted } from "./notes";
import type { Said } from "./said";

/** Something that is there, and what becomes of it. */
export interface Row {
  readonly depth: number;
  readonly what: string;
  /** Empty for what only describes the row above. */
  readonly becomes: string;
}

/** What is there, in the order of the environment file. */
export function rowsOf(found: Found, { input }: Said): Row[] {
  const { imports } = input;
  const rows: Row[] = [];
  const row = (depth: number, what: string, becomes = "") => rows.push({ depth, what, becomes });
  const keyOf = (ids: Record<string, string> | undefined, id: string) =>
    Object.entries(ids ?? {}).find(([, other]) => other === id)?.[0];
  const taken = (entry: string, key: string | undefined) =>
    key === undefined ? "stays as it is" : `import: ${entry}.${key}`;

  row(0, `identity domain ${found.domain?.displayName ?? ""}`, input.domain ? "import: domain" : "read, never changed");
  row(1, found.domainUrl);
  if (input.domain) row(1, "settings", "import");
  const { app } = found;
  row(1, `app ${app.displayName}`, "import: app");
  row(2, `client id ${app.name}`);
  row(2, `audience ${app.audience ?? "none"}`);
  row(2, `grants ${app.allowedGrants.join(", ") || "none"}`);
  for (const { value } of app.scopes) {
    const scope = input.app.scopes.find((each) => each.value === value);
    row(2, `scope ${value}`, scope ? (scope.privilege === false ? "no privilege here" : "") : "taken away");
  }
  for (const group of found.groups) {
    row(1, `group ${group.displayName}`, taken("groups", keyOf(imports?.groups, group.id)));
    for (const user of group.users ?? [])
      row(2, `user ${user.userName}`, taken("users", keyOf(imports?.users, user.id)));
  }
  for (const user of found.users) row(1, `user ${user.userName}`, taken("users", keyOf(imports?.users, user.id)));
  for (const { id, grantee } of found.grants) {
    const names = [...found.groups, ...found.users].find((each) => each.id === grantee.value);
    const name = names && ("userName" in names ? names.userName : names.displayName);
    row(1, `grant of the app to ${String(name ?? grantee.value)}`, taken("app.grantedTo", keyOf(imports?.grants, id)));
  }
  for (const client of found.clients) {
    const becomes =
      imports?.developerClient === client.id
        ? "import: developerClient"
        : taken("clients", keyOf(imports?.clients, client.id));
    row(1, `client ${client.displayName}`, becomes);
    row(2, `client id ${client.name}`);
  }
  schemaRows(found, input, row);
  return rows;
}

function schemaRows(
  { schema }: Found,
  input: Said["input"],
  row: (depth: number, what: string, becomes?: string) => void,
) {
  const { profile } = schema;
  row(0, `schema ${schema.schema} (${schema.basePath === null ? "not REST-enabled" : `at /ords/${schema.basePath}`})`);
  row(1, "JWT profile", profile ? "adopt: jwtProfile" : "register makes one");
  if (profile?.issuer) row(2, `issuer ${profile.issuer}`);
  if (profile?.audience) row(2, `audience ${profile.audience}`);
  if (profile?.roleClaim) row(2, `roles in ${profile.roleClaim}`);
  for (const { name, modules, patterns, roles } of schema.privileges) {
    if (/^(oracle|ords)\./i.test(name)) continue;
    const scope = input.app.scopes.find(({ value, privilege }) => value === name && privilege !== false);
    row(1, `privilege ${name}`, scope ? "adopt: app.scopes" : "stays as it is");
    for (const module of modules) row(2, `module ${module}`);
    for (const pattern of patterns) row(2, `pattern ${pattern}`);
    for (const role of roles) row(2, `role ${role}`, scope && !scope.roles?.includes(role) ? "taken away" : "");
  }
  const coverage = new Coverage(schema.privileges, schema.modules);
  const open = coverage.missing(
    schema.modules.map(({ name }) => ({ kind: "module" as const, name, endpoints: coverage.endpoints(name) })),
  );
  for (const what of open) row(1, `${what}, public`, "stays public");
}

/** What the first deploy adds that was not there, in words: it is what the first diff shows beside imports. */
export function additions({ input }: Said, stack: string, found: Found): string[] {
  const { imports, groups } = input;
  const apps = [imports?.app, imports?.developerClient, ...Object.values(imports?.clients ?? {})].filter(Boolean);
  const { profile, privileges } = found.schema;
  return [
    "force_delete on what is imported: an argument of the provider, which no API returns",
    `the tag ${stackTag}: ${quoted(stack)} on apps, users and groups${input.domain ? ", and on the domain" : ""}${input.tags ? "; with it those in `tags`, as far as the provider has not shown them before" : ""}`,
    ...(groups
      ? ["attribute_sets on groups, and their members, which a group shows only when it is asked for them"]
      : []),
    `AppDeactivation for ${apps.length} app${apps.length === 1 ? "" : "s"}: hooks that destroy needs, and that exist only in the state`,
    "outputs, from which register and the other commands read",
    ...(profile ? [] : [`a JWT profile in schema ${found.schema.schema}, which has none`]),
    ...(profile && profile.description !== undefined
      ? [
          `the name of the stack at the end of the JWT profile's description${profile.description ? "" : `, which is empty now and becomes "Tokens of the application ..."`}`,
        ]
      : []),
    ...(privileges.some(({ name }) =>
      input.app.scopes.some((scope) => scope.value === name && scope.privilege !== false),
    )
      ? ["the name of the stack in the comments of privileges that are adopted"]
      : []),
  ];
}

const width = 80;
/** Of the left column. */
const left = 46;

/** Two columns: what is there, and what becomes of it. */
export function renderRows(rows: readonly Row[], file: string): string {
  const columns = (first: string, second: string) => (second ? `${padded(first)}  ${second}` : first);
  const lines = rows.flatMap(({ depth, what, becomes }) => {
    const room = left - 2 * depth;
    // What goes on stands one step further in.
    const now = wrapped(clean(what), stringWidth(clean(what)) <= room ? room : room - 2).map(
      (line, index) => "  ".repeat(index === 0 ? depth : depth + 1) + line,
    );
    const then = wrapped(clean(becomes), width - left - 2);
    return Array.from({ length: Math.max(now.length, then.length) }, (_, index) =>
      columns(now[index] ?? "", then[index] ?? ""),
    );
  });
  const rule = `${"-".repeat(left)}  ${"-".repeat(width - left - 2)}`;
  return [columns("Before, as it is now", `After, by ${file}`), rule, ...lines].join("\n");
}

function padded(text: string): string {
  return text + " ".repeat(Math.max(0, left - stringWidth(text)));
}

/** Notes below a title; nothing when there are none. */
export function renderNotes(title: string, notes: readonly Note[]): string {
  if (notes.length === 0) return "";
  const lines = notes.flatMap(({ what, means, todo }) => [
    ...indented(`- ${clean(what)}`, 0),
    ...indented(clean(means), 1),
    ...(todo === undefined ? [] : indented(`to do: ${clean(todo)}`, 1)),
  ]);
  return [colours.bold(title), ...lines].join("\n");
}

export function renderList(title: string, items: readonly string[]): string {
  return [colours.bold(title), ...items.flatMap((item) => indented(`- ${clean(item)}`, 0))].join("\n");
}

function indented(text: string, depth: number): string[] {
  const [first = "", ...rest] = wrapped(text, width - 2 - 2 * depth);
  const [start, next] = ["  ".repeat(depth), "  ".repeat(Math.max(depth, 1))];
  return [start + first, ...rest.map((line) => next + line)];
}

/** Lines of at most so many columns, broken between words where that is possible. */
function wrapped(text: string, most: number): string[] {
  return wrapAnsi(text, most, { hard: true }).split("\n");
}
