import type { Packages, Privilege, SeenProfile } from "../model";
import { isRoleBased } from "../plan/desired";
import { type Entry, inverse, type Plan, writes } from "../plan/entries";
import { sampleModule } from "../plan/sample-api";

/** What a procedure of ORDS is given: a list is an `owa.vc_arr`. */
export type Parameter = string | number | boolean | null | readonly string[];

/** One call of a procedure of ORDS. None of them commits. */
export interface Call {
  /** What it is for, in a few words: `define privilege hello.read`. */
  readonly purpose: string;
  readonly procedure: string;
  /** By name, in the order in which they are written. */
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** The calls that carry out a plan, in order; none for a plan that changes nothing. */
export function callsOf({ entries, packages }: Plan): Call[] {
  return entries.filter(writes).flatMap((entry) => callsFor(entry, packages));
}

/**
 * The calls that undo a plan, once it has been carried out. A profile of which nobody could see whether it is role-based or scope-based is
 * deleted where that changed: below the wrong one, the old privileges would let in whom nobody meant to let in.
 */
export function undoCallsOf({ entries, packages }: Plan): Call[] {
  const closes = changesRoles(entries);
  const back = [...entries].reverse().map((entry) => {
    const way = inverse(entry);
    return closes && way?.kind === "JWT profile" && way.after?.roleClaim === undefined ? { ...way, after: null } : way;
  });
  return back.filter((entry) => entry !== null && canBeMade(entry)).flatMap((entry) => callsFor(entry!, packages));
}

function changesRoles(entries: readonly Entry[]): boolean {
  const privileges = entries.filter((entry) => entry.kind === "privilege");
  const [old, now] = [
    isRoleBased(privileges.flatMap(({ before }) => before ?? [])),
    isRoleBased(privileges.flatMap(({ after }) => after ?? [])),
  ];
  return old !== undefined && now !== undefined && old !== now;
}

/** A profile cannot be made again when the database did not show what every profile has. */
function canBeMade(entry: Entry): boolean {
  if (entry.kind !== "JWT profile" || entry.after === null) return true;
  const { issuer, audience, jwkUrl } = entry.after;
  return [issuer, audience, jwkUrl].every((value) => value !== undefined);
}

/** The packages of an administrator take the schema first. */
function callsFor(entry: Entry, packages: Packages): Call[] {
  const { schema } = packages;
  const calls = ownCallsFor(entry, packages);
  if (schema === undefined) return calls;
  return calls.map((call) => ({ ...call, parameters: { p_schema: schema, ...call.parameters } }));
}

function ownCallsFor(entry: Entry, packages: Packages): Call[] {
  const { name } = entry;
  const { ords } = packages;
  switch (entry.kind) {
    case "JWT profile":
      return profileCalls(entry, packages);
    case "privilege":
      if (entry.after) return [definePrivilege(ords, entry.after)];
      return [
        { purpose: `delete privilege ${name}`, procedure: `${ords}.DELETE_PRIVILEGE`, parameters: { p_name: name } },
      ];
    case "role":
      return [{ purpose: `create role ${name}`, procedure: `${ords}.CREATE_ROLE`, parameters: { p_role_name: name } }];
    case "module":
      if (entry.after) return publishSample(ords);
      return [
        { purpose: `delete module ${name}`, procedure: `${ords}.DELETE_MODULE`, parameters: { p_module_name: name } },
      ];
    case "schema":
      return [enableSchema(ords, name, entry.after?.basePath ?? null)];
  }
}

function enableSchema(ords: string, schema: string, basePath: string | null): Call {
  return {
    purpose: `REST-enable schema ${schema}`,
    procedure: `${ords}.ENABLE_SCHEMA`,
    parameters: {
      p_enabled: true,
      p_schema: schema,
      p_url_mapping_type: "BASE_PATH",
      p_url_mapping_pattern: basePath,
      p_auto_rest_auth: true,
    },
  };
}

/** There is no update procedure: a profile is deleted and made again, in one transaction. */
function profileCalls({ name, before, after }: Entry & { kind: "JWT profile" }, { security }: Packages): Call[] {
  const deletion: Call = {
    purpose: `delete the JWT profile of schema ${name}`,
    procedure: `${security}.DELETE_JWT_PROFILE`,
    parameters: {},
  };
  return [...(before ? [deletion] : []), ...(after ? [createProfile(name, security, after)] : [])];
}

function createProfile(schema: string, security: string, profile: SeenProfile): Call {
  return {
    purpose: `create the JWT profile of schema ${schema}`,
    procedure: `${security}.CREATE_JWT_PROFILE`,
    parameters: {
      p_issuer: profile.issuer ?? null,
      p_audience: profile.audience ?? null,
      p_jwk_url: profile.jwkUrl ?? null,
      p_description: profile.description ?? null,
      p_allowed_skew: profile.allowedSkew ?? null,
      p_allowed_age: profile.allowedAge ?? null,
      // Older packages have no such parameter.
      ...(profile.roleClaim && { p_role_claim_name: profile.roleClaim }),
    },
  };
}

/** Defines the whole privilege: the call replaces every role, pattern and module that it had. */
function definePrivilege(ords: string, privilege: Privilege): Call {
  return {
    purpose: `define privilege ${privilege.name}`,
    procedure: `${ords}.DEFINE_PRIVILEGE`,
    parameters: {
      p_privilege_name: privilege.name,
      p_roles: privilege.roles,
      p_patterns: privilege.patterns,
      p_modules: privilege.modules,
      p_label: privilege.label,
      p_description: privilege.description,
      p_comments: privilege.comments,
    },
  };
}

/** The calls that publish the module with its one handler. */
export function publishSample(ords: string): Call[] {
  const module = { p_module_name: sampleModule.name };
  const purpose = `publish module ${sampleModule.name}`;
  return [
    {
      purpose,
      procedure: `${ords}.DEFINE_MODULE`,
      parameters: { ...module, p_base_path: sampleModule.basePath, p_comments: sampleModule.comments },
    },
    { purpose, procedure: `${ords}.DEFINE_TEMPLATE`, parameters: { ...module, p_pattern: "me" } },
    {
      purpose,
      procedure: `${ords}.DEFINE_HANDLER`,
      parameters: {
        ...module,
        p_pattern: "me",
        p_method: "GET",
        p_source_type: "json/item",
        p_source: "SELECT 'Hello ' || :current_user AS greeting FROM dual",
      },
    },
  ];
}
