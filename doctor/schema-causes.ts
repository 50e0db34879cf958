import type { Actual, Privilege } from "../ords/model";
import type { OrdsOutput } from "../ords/output";
import { whyTooOld } from "../ords/version";

import { at, type Cause, type Evidence, quoted, registered } from "./cause";

/** In the schema: profile, privileges, what they protect. */
export const schemaCauses: readonly Cause[] = [
  {
    id: "skew-zero",
    title: "the allowed skew is zero",
    looksAt: "the JWT profile in the schema",
    why: "with no tolerance a token is refused in the first second whenever ORDS's clock is behind the domain's",
    remedy: "npx ords-jwt register ENV, which leaves it to ORDS (NULL) or sets jwtProfile.allowedSkewSeconds",
    find: ({ schema }) => {
      const skew = schema?.profile?.allowedSkew;
      return typeof skew === "number" && skew <= 0 ? `the profile's allowed skew is ${skew}, not NULL` : undefined;
    },
  },
  {
    id: "profile-missing",
    title: "the schema has no JWT profile",
    looksAt: "the JWT profile in the schema",
    why: "without a profile ORDS takes no token of any issuer",
    remedy: "npx ords-jwt register ENV",
    find: ({ schema }) =>
      schema && schema.basePath !== null && schema.profile === null ? `schema ${schema.schema} has none` : undefined,
  },
  {
    id: "profile-of-another-domain",
    title: "the profile is of another identity domain",
    looksAt: "the JWK URL of the JWT profile and the URL of the stack's domain",
    why: "the keys of another domain verify none of this domain's tokens, though issuer and audience may be equal",
    remedy: "npx ords-jwt register ENV",
    find: ({ schema, ords }) => {
      const jwkUrl = schema?.profile?.jwkUrl;
      if (!jwkUrl || same(jwkUrl, ords.profile.jwkUrl)) return undefined;
      return `registered is ${jwkUrl}, the stack's is ${ords.profile.jwkUrl}`;
    },
  },
  {
    id: "privilege-missing",
    title: "a privilege is missing",
    looksAt: "the privileges in the schema and the scopes of the stack",
    why: "what the privilege should protect is public, or closed by another privilege that no scope of the token opens",
    remedy: "npx ords-jwt register ENV",
    find: (evidence) => {
      const [missing] = privilegesOf(evidence).filter(({ found, sameName }) => !found && !sameName);
      return missing && `there is no privilege ${missing.wanted.name}`;
    },
  },
  {
    id: "privilege-other-case",
    title: "a privilege differs from its scope by case",
    looksAt: "the names of the privileges and of the scopes",
    why: "ORDS compares scope and privilege character by character",
    remedy: "npx ords-jwt register ENV, after deleting the other: ORDS.DELETE_PRIVILEGE",
    find: (evidence) => {
      const [other] = privilegesOf(evidence).filter(({ found, sameName }) => !found && sameName);
      return other && `the privilege is ${quoted(other.sameName?.name)}, the scope ${quoted(other.wanted.name)}`;
    },
  },
  {
    id: "privilege-protects-other",
    title: "a privilege protects another module or pattern",
    looksAt: "modules and patterns of the privilege",
    why: "the scope of the token opens something else than the API that is called",
    remedy: "npx ords-jwt register ENV",
    find: (evidence) => {
      for (const { wanted, found } of privilegesOf(evidence)) {
        if (!found || (holds(found.modules, wanted.modules) && holds(found.patterns, wanted.patterns))) continue;
        return `privilege ${wanted.name} protects ${things(found)}, not ${things(wanted)}`;
      }
      return undefined;
    },
  },
  {
    id: "foreign-privilege",
    title: "a privilege that the stack did not make protects the API too",
    looksAt: "every privilege on the module and the path that is called, whoever made it",
    why: "ORDS may want the scope or a role of every privilege on a path, and does not say which one it missed",
    remedy:
      "take the module or pattern out of that privilege (ORDS.DEFINE_PRIVILEGE), or delete it when nothing needs it (ORDS.DELETE_PRIVILEGE)",
    find: (evidence) => {
      const { protection } = evidence;
      const closing = protection?.privileges.filter(
        ({ name }) => isForeign(name, evidence) && !isOpened(name, evidence),
      );
      if (!protection || !closing?.length) return undefined;
      const names = closing.map(({ name, by }) => `privilege ${name} (by ${by})`).join(" and ");
      return `${names} protects ${protection.path}, and the token does not open it`;
    },
  },
  {
    id: "module-unprotected",
    title: "the API is public",
    looksAt: "the privileges on the module and the path that is called, and the answer to a call without a token",
    why: "no 401 here, but worse: what no privilege protects answers everybody, and the token is not even looked at",
    remedy: "name the module under a scope in environments/ENV.ts, then npx ords-jwt register ENV",
    find: ({ protection, api }) => {
      if (protection?.access === "public") {
        return `no privilege protects ${protection.path} of module ${protection.module}`;
      }
      // What has just been protected stays open for some seconds.
      if (typeof api !== "object" || !api.isSettled) return undefined;
      const { status } = api.withoutToken;
      return status >= 200 && status < 300 ? `${api.url} answers ${status} without a token` : undefined;
    },
  },
  {
    id: "ords-too-old",
    title: "ORDS is too old",
    looksAt: "ords.installed_version",
    why: "JWT profiles came with ORDS 23.3; before, no bearer token of another issuer is taken",
    remedy: "upgrade ORDS to 23.3 or later, 25.1 for role claims",
    find: ({ ordsVersion }) => (ordsVersion === undefined ? undefined : whyTooOld(ordsVersion)),
  },
  {
    id: "user-of-another-domain",
    title: "the token is of another identity domain",
    looksAt: "`tenant_iss` of the token, and its signature by the keys of the stack's domain",
    why: "every OCI domain has the same default issuer and the same kid, so to ORDS only the signature tells them apart",
    remedy: "sign in to the stack's domain: npx ords-jwt token ENV --logout, then npx ords-jwt token ENV --no-cache",
    find: ({ token, signature, ords }) => {
      const tenant = token?.claims.tenant_iss;
      if (tenant !== undefined && !same(tenant, ords.client.domainUrl) && signature !== "good") {
        return `the token of ${quoted(token?.claims.sub)} is from ${tenant}, the stack's domain is ${ords.client.domainUrl}`;
      }
      return signature === "wrong" ? "no key of the stack's domain made the token's signature" : undefined;
    },
  },
];

function isForeign(name: string, { ords }: Evidence): boolean {
  return !ords.privileges.some((wanted) => wanted.name === name);
}

/** Whether the token, if there is one, has what a privilege asks for. */
function isOpened(name: string, evidence: Evidence): boolean {
  const { token, schema } = evidence;
  if (!token) return false;
  const { roleClaim } = registered(evidence);
  if (!roleClaim)
    return String(token.claims.scope ?? token.claims.scp ?? "")
      .split(" ")
      .includes(name);
  const wanted = schema?.privileges.find((privilege) => privilege.name === name)?.roles ?? [];
  const granted = at(roleClaim, token.claims);
  // Without roles it admits every validated token that has the claim.
  return wanted.length === 0 || (Array.isArray(granted) && wanted.some((role) => granted.includes(role)));
}

/** Each privilege of the stack with the one in the schema: of exactly its name, or of its name in another case. */
function privilegesOf({ schema, ords }: Evidence) {
  if (!schema || schema.basePath === null) return [];
  return ords.privileges.map((wanted) => ({ wanted, ...find(schema, wanted.name) }));
}

function find({ privileges }: Actual, wanted: string): { found?: Privilege; sameName?: Privilege } {
  return {
    found: privileges.find(({ name }) => name === wanted),
    sameName: privileges.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()),
  };
}

function holds(actual: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => actual.includes(name));
}

function things({ modules, patterns }: Pick<OrdsOutput["privileges"][number] | Privilege, "modules" | "patterns">) {
  const names = [...modules.map((name) => `module ${name}`), ...patterns.map((name) => `pattern ${name}`)];
  return names.join(", ") || "nothing";
}

/** OCI writes the default port out. */
function same(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) ? new URL(a).href === new URL(b).href : a === b;
}
