/**
 * What ORDS does where nobody has said so. Each rule names its readings, the stricter one first, which is the default: whoever is
 * let in under it is let in under the others too, but for `subtreePattern`, where the first shows a missing pattern as an open door.
 */
export interface GatewayRules {
  /** How many of several privileges on one resource a token must grant. @default "all" */
  severalPrivileges: "all" | "one";
  /** Whether a module named in a privilege takes modules along whose base path lies below its own. @default "module" */
  modulePrivilege: "module" | "below";
  /** Whether `/x/*` protects `/x` as well as what is below it. @default "below" */
  subtreePattern: "below" | "itself";
  /** An `aud` that is a list with the audience in it. @default "refused" */
  audienceList: "refused" | "accepted";
  /** A `scope` or `scp` that is a list of scopes. @default "refused" */
  scopeList: "refused" | "accepted";
  /** The type of RFC 9068, `at+jwt`. @default "refused" */
  accessTokenType: "refused" | "accepted";
  /** Whether an allowed age of 0 refuses every token or limits nothing, as a negative one. @default "refuses" */
  zeroAge: "refuses" | "unlimited";
  /** Whether the skew counts for the age, too. @default "no" */
  skewExtendsAge: "no" | "yes";
  /** A key of the JWKS whose `use` is not `sig` or whose `alg` is not the token's. @default "refused" */
  otherKeyUse: "refused" | "accepted";
}

export const strictRules: GatewayRules = {
  severalPrivileges: "all",
  modulePrivilege: "module",
  subtreePattern: "below",
  audienceList: "refused",
  scopeList: "refused",
  accessTokenType: "refused",
  zeroAge: "refuses",
  skewExtendsAge: "no",
  otherKeyUse: "refused",
};

/** Every reading of every rule other than the strict ones, one at a time: for tests that must hold under each. */
export const otherReadings: readonly Partial<GatewayRules>[] = [
  { severalPrivileges: "one" },
  { modulePrivilege: "below" },
  { subtreePattern: "itself" },
  { audienceList: "accepted" },
  { scopeList: "accepted" },
  { accessTokenType: "accepted" },
  { zeroAge: "unlimited" },
  { skewExtendsAge: "yes" },
  { otherKeyUse: "accepted" },
];
