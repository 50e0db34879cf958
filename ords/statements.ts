import type { Desired, Privilege, Profile } from "./desired";
import type { Plan } from "./plan";
import type { SecurityPackage } from "./version";

/** One anonymous block with scalar binds and no COMMIT. */
export interface Statement {
  readonly plsql: string;
  readonly binds: Record<string, string | number | null>;
}

/** The blocks that carry out a plan, in order. None for a plan that changes nothing. */
export function statements(plan: Plan, desired: Desired | null, securityPackage: SecurityPackage): Statement[] {
  const roles = plan.missingRoles.map(createRole);
  const changes = plan.entries.flatMap(({ kind, name, action }) => {
    if (action === "unchanged") return [];
    if (kind === "JWT profile") {
      const wanted = desired?.profile ?? null;
      return [jwtProfile(securityPackage, { drop: action !== "create", create: action === "delete" ? null : wanted })];
    }
    const privilege = desired?.privileges.find((candidate) => candidate.name === name);
    return [action === "delete" || !privilege ? deletePrivilege(name) : definePrivilege(privilege)];
  });
  return [...roles, ...changes];
}

/** There is no update procedure: a profile is dropped and made again, inside one transaction. */
function jwtProfile(name: SecurityPackage, { drop, create }: { drop: boolean; create: Profile | null }): Statement {
  const calls = [
    drop && `${name}.DELETE_JWT_PROFILE;`,
    create &&
      `${name}.CREATE_JWT_PROFILE(
    p_issuer       => :issuer,
    p_audience     => :audience,
    p_jwk_url      => :jwk_url,
    p_description  => :description,
    p_allowed_skew => :allowed_skew,
    p_allowed_age  => :allowed_age${create.roleClaim ? `,\n    p_role_claim_name => :role_claim_name` : ""});`,
  ];
  const binds = create && {
    issuer: create.issuer,
    audience: create.audience,
    jwk_url: create.jwkUrl,
    description: create.description,
    allowed_skew: create.allowedSkew,
    allowed_age: create.allowedAge,
    ...(create.roleClaim && { role_claim_name: create.roleClaim }),
  };
  return { plsql: `BEGIN\n  ${calls.filter(Boolean).join("\n  ")}\nEND;`, binds: binds ?? {} };
}

/** Defines the whole privilege: the call replaces every role, pattern and module that it had. */
function definePrivilege(privilege: Privilege): Statement {
  const lists = { roles: privilege.roles, patterns: privilege.patterns, modules: privilege.modules };
  const items = Object.entries(lists).flatMap(([list, values]) =>
    values.map((value, index) => ({ list, position: index + 1, value })),
  );
  return {
    // Local arrays filled by scalar binds: whether the overloads take array binds is not documented.
    plsql: `DECLARE
  l_roles    owa.vc_arr;
  l_patterns owa.vc_arr;
  l_modules  owa.vc_arr;
BEGIN
${items.map(({ list, position }) => `  l_${list}(${position}) := :${list}_${position};\n`).join("")}  ORDS.DEFINE_PRIVILEGE(
    p_privilege_name => :name,
    p_roles          => l_roles,
    p_patterns       => l_patterns,
    p_modules        => l_modules,
    p_label          => :label,
    p_description    => :description,
    p_comments       => :comments);
END;`,
    binds: {
      ...Object.fromEntries(items.map(({ list, position, value }) => [`${list}_${position}`, value])),
      name: privilege.name,
      label: privilege.label,
      description: privilege.description,
      comments: privilege.comments,
    },
  };
}

function deletePrivilege(name: string): Statement {
  return { plsql: "BEGIN\n  ORDS.DELETE_PRIVILEGE(p_name => :name);\nEND;", binds: { name } };
}

function createRole(name: string): Statement {
  return { plsql: "BEGIN\n  ORDS.CREATE_ROLE(p_role_name => :name);\nEND;", binds: { name } };
}
