import type { EnvironmentInput } from "../../config/environment";
import type { Actual, Privilege } from "../../ords/model";
import { unmarkedDescription } from "../../ords/ownership";
import { jwkPath, oracleIssuer, problemsOf, type Registration, scopesProblems } from "../../ords/rules";
import type { Found } from "./found";
import { type Notes, quoted } from "./notes";

type Scope = EnvironmentInput["app"]["scopes"][number];
type Profile = NonNullable<EnvironmentInput["jwtProfile"]>;

/** What the file says beside the schema: what a registration is made of. */
export interface Context {
  readonly stack: string;
  /** As the file says it. */
  readonly audience: string;
  readonly domainUrl: string;
}

/** The JWT profile, as far as the file can say it. */
export function sayProfile({ profile }: Actual, { stack, audience, domainUrl }: Context, notes: Notes): Profile {
  if (profile === null) return {};
  const change = (what: string, means: string, todo?: string) =>
    notes.add("changes", `the JWT profile ${what}`, means, todo);
  if (profile.audience !== undefined && profile.audience !== audience) {
    change(
      `expects the audience ${quoted(profile.audience)}`,
      `the first deploy makes it ${quoted(audience)}, the audience of the app: tokens with another one are refused from then on`,
      "if the API's tokens come from another app, name that one",
    );
  }
  if (profile.jwkUrl !== undefined && profile.jwkUrl !== domainUrl + jwkPath) {
    change(
      `takes its keys from ${quoted(profile.jwkUrl)}`,
      `the first deploy makes it ${quoted(domainUrl + jwkPath)}`,
      "if the API's tokens come from another domain, name that one",
    );
  }
  const seconds = (what: string, value: number | null | undefined, max: number) => {
    if (value === null || value === undefined) return undefined;
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    const limit = max === Number.MAX_SAFE_INTEGER ? "at least 1 second" : `1 to ${max} seconds`;
    change(
      `has the ${what} ${value}`,
      `the file takes ${limit} or none: the first deploy leaves it to ORDS's own setting`,
    );
    return undefined;
  };
  const allowedSkewSeconds = seconds("allowed skew", profile.allowedSkew, 60);
  const allowedAgeSeconds = seconds("allowed age", profile.allowedAge, Number.MAX_SAFE_INTEGER);
  const description = profile.description && unmarkedDescription(profile.description, stack);
  const { issuer, roleClaim } = profile;
  const isPointer = roleClaim?.startsWith("/");
  if (roleClaim && !isPointer) {
    change(`takes roles from ${quoted(roleClaim)}, which is no JSON Pointer`, "the first deploy makes it scope-based");
  }
  return {
    ...(issuer && issuer !== oracleIssuer && { issuer }),
    ...(description && { description }),
    ...(allowedSkewSeconds !== undefined && { allowedSkewSeconds }),
    ...(allowedAgeSeconds !== undefined && { allowedAgeSeconds }),
    ...(roleClaim && isPointer && { roleClaim }),
  };
}

/** The scopes of the app, each with what its privilege protects. */
export function sayScopes(found: Found, profile: Profile, context: Context, notes: Notes): Scope[] {
  const { app, schema } = found;
  const said: Scope[] = [];
  const accepted: Registration["privileges"][number][] = [];
  const problems = (privileges: Registration["privileges"]) =>
    new Set(problemsOf(registration(schema.schema, profile, context, app.displayName, privileges)));
  for (const { value, displayName, description, requiresConsent } of app.scopes) {
    const [problem] = scopesProblems([value], context.audience, () => false);
    if (problem !== undefined) {
      notes.add("changes", problem, "the file leaves it out, and the first deploy takes it away from the app");
      continue;
    }
    if (displayName === undefined) {
      notes.add(
        "changes",
        `scope ${quoted(value)} has no display name`,
        "the first deploy gives it its own value as one",
      );
    }
    const scope = {
      value,
      displayName: displayName ?? value,
      ...(description !== undefined && { description }),
      ...(requiresConsent && { requiresConsent }),
    };
    const privilege = schema.privileges.find(({ name }) => name === value);
    const registered = privilege && withoutWrongRoles(privilege, profile, notes);
    const before = problems(accepted);
    const reasons = registered
      ? [...problems([...accepted, asRegistered(registered, scope.displayName)])].filter((each) => !before.has(each))
      : [];
    if (!registered || reasons.length > 0) {
      if (registered) {
        const means =
          "the file leaves it alone (privilege: false), so it stays as it is and Terraform's side alone is taken over";
        notes.add("stays", `privilege ${quoted(value)}: ${reasons.join("; ")}`, means);
      }
      said.push({ ...scope, privilege: false });
      continue;
    }
    accepted.push(asRegistered(registered, scope.displayName));
    const own = sayPrivilege(registered, scope, notes);
    said.push({ ...scope, ...own });
  }
  noteOthers(schema, said, notes);
  if (accepted.length > 0) {
    for (const problem of problems(accepted))
      notes.add("first", problem, "the first diff refuses the file", "correct it there");
  }
  if (accepted.length > 0 || said.length === 0) return said;
  notes.add(
    "first",
    `no privilege of schema ${schema.schema} is that of a scope of the app`,
    "nothing in the schema is opened by its tokens, so there is nothing to take over there",
    `say in the file which modules or patterns need which scope (modules: ${schema.modules.map(({ name }) => quoted(name)).join(", ") || "none"})`,
  );
  return said.map(({ privilege: _, ...scope }) => scope);
}

function sayPrivilege(
  { label, description, comments, roles, modules, patterns }: Privilege,
  scope: Scope,
  notes: Notes,
) {
  const change = (what: string, means: string) =>
    notes.add("changes", `privilege ${quoted(scope.value)} ${what}`, means);
  if (!label) change("has no label", `the first deploy labels it ${quoted(scope.displayName)}`);
  if (comments && !comments.startsWith("managed by ords-jwt, stack ")) {
    change(`has the comments ${quoted(comments)}`, "the first deploy writes the name of the stack in their place");
  }
  const own = {
    ...(label && label !== scope.displayName && { label }),
    ...((description ?? "") !== (scope.description ?? "") && { description: description ?? "" }),
  };
  return {
    ...(modules.length > 0 && { modules: [...modules] }),
    ...(patterns.length > 0 && { patterns: [...patterns] }),
    ...(roles.length > 0 && { roles: [...roles] }),
    ...(Object.keys(own).length > 0 && { privilege: own }),
  };
}

/** Roles count only below a role-based profile. */
function withoutWrongRoles(privilege: Privilege, { roleClaim }: Profile, notes: Notes): Privilege {
  if (roleClaim !== undefined || privilege.roles.length === 0) return privilege;
  notes.add(
    "changes",
    `privilege ${quoted(privilege.name)} names the roles ${privilege.roles.map(quoted).join(", ")}, and the JWT profile is scope-based`,
    "the file cannot say both: the first deploy takes the roles from the privilege, and who is let in by one of them, such as a database user or a client of ORDS's own OAuth, is refused from then on",
    "see who has these roles before the first deploy, or make the profile role-based (jwtProfile.roleClaim)",
  );
  return { ...privilege, roles: [] };
}

function noteOthers({ privileges, profile }: Actual, said: readonly Scope[], notes: Notes): void {
  const names = new Set(said.map(({ value }) => value));
  for (const { name, modules, patterns, roles } of privileges) {
    // ORDS has some of its own in every schema.
    if (names.has(name) || /^(oracle|ords)\./i.test(name)) continue;
    const lists = { modules, patterns, roles };
    const what = Object.entries(lists).flatMap(([list, values]) =>
      values.length > 0 ? `${list} ${values.map(quoted).join(", ")}` : [],
    );
    notes.add(
      "stays",
      `privilege ${quoted(name)} (${what.join("; ") || "protects nothing"}) is no scope of the app`,
      profile?.roleClaim
        ? "it stays as it is: a privilege of the file is a scope of the app"
        : "it stays as it is, and no token of the app opens what it protects",
    );
  }
}

function asRegistered({ name, label, description, roles, modules, patterns }: Privilege, displayName: string) {
  return { name, label: label || displayName, description, roles, modules, patterns };
}

function registration(
  schema: string,
  profile: Profile,
  { stack, audience, domainUrl }: Context,
  displayName: string,
  privileges: Registration["privileges"],
): Registration {
  return {
    stack,
    schema,
    profile: {
      issuer: profile.issuer ?? oracleIssuer,
      audience,
      jwkUrl: domainUrl + jwkPath,
      description: profile.description ?? displayName,
      roleClaim: profile.roleClaim,
    },
    privileges,
  };
}
