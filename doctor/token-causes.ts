import { withoutSlash } from "../oauth/token-claims";
import { unqualifiedScope } from "../ords/scope";
import { at, type Cause, type Evidence, quoted, registered } from "./cause";

/** In the form of the token, whatever it says. */
export const formCauses: readonly Cause[] = [
  {
    id: "claim-type",
    title: "the token has a value of the wrong type",
    looksAt: "`alg`, `kid` and `typ` of the header, and the claims that ORDS reads",
    why: "ORDS takes what RFC 7519 says, and documents `scope` as one text with spaces: it cannot compare a list, a number or an object with it",
    remedy:
      "have the issuer write the claim as a text (times as numbers); an OCI identity domain does: npx ords-jwt token ENV",
    find: ({ token }) =>
      token?.wrongTypes
        .filter(({ name }) => !["tenant_iss", "sub_type"].includes(name))
        .map(({ part, name, got, expected }) => `${name} of the ${part} is ${got}, expected ${expected}`)
        .join("; ") || undefined,
  },
  {
    id: "claim-missing",
    title: "the token lacks a claim",
    looksAt: "`iss`, `sub`, `aud`, `iat` and `exp` of the token",
    why: "ORDS requires all five",
    remedy: "send an access token, not another one: npx ords-jwt token ENV",
    find: ({ token }) => {
      const names = (["iss", "sub", "aud", "iat", "exp"] as const).filter(
        (name) => token && !(name in token.raw.claims),
      );
      return names.length > 0 ? `it has no ${names.join(", ")}` : undefined;
    },
  },
  {
    id: "token-type",
    title: "the token says that it is something else",
    looksAt: "`typ` of the token's header",
    why: "ORDS takes tokens without typ, and those with JWT; not for example at+jwt",
    remedy: "have the issuer leave typ out or write JWT; an OCI identity domain leaves it out: npx ords-jwt token ENV",
    find: ({ token }) => {
      const { typ } = token?.header ?? {};
      return typ === undefined || typ === "JWT" ? undefined : `typ is ${quoted(typ)}`;
    },
  },
];

/** In the token itself: what it says, and when. */
export const tokenCauses: readonly Cause[] = [
  {
    id: "client-refused",
    title: "the domain refuses the client",
    looksAt: "the answer of the token endpoint",
    why: "without a token the API can only be called without one",
    remedy: "npx cdktf deploy ENV, which brings the client secret and the grants of the app up to date",
    find: ({ refused }) => (refused && refused.oauthError !== "invalid_scope" ? refused.what : undefined),
  },
  {
    id: "issuer-slash",
    title: "the issuer differs by its slash",
    looksAt: "`iss` of the token and the issuer of the JWT profile",
    why: "ORDS compares them character by character, and OCI's default issuer ends in a slash",
    remedy: "npx ords-jwt register ENV, after setting jwtProfile.issuer to what the token has",
    find: (evidence) => compare(evidence, "iss", (got, wanted) => withoutSlash(got) === withoutSlash(wanted)),
  },
  {
    id: "issuer-other",
    title: "the token has another issuer",
    looksAt: "`iss` of the token and the issuer of the JWT profile",
    why: "ORDS takes tokens of the registered issuer only",
    remedy: "npx ords-jwt register ENV, after setting jwtProfile.issuer to what the token has",
    find: (evidence) => compare(evidence, "iss", () => true),
  },
  {
    id: "audience-slash",
    title: "the audience differs by its slash",
    looksAt: "`aud` of the token and the audience of the JWT profile",
    why: "ORDS compares them character by character",
    remedy: "npx cdktf deploy ENV, then npx ords-jwt register ENV: both take the audience from the environment file",
    find: (evidence) => compare(evidence, "aud", (got, wanted) => withoutSlash(got) === withoutSlash(wanted)),
  },
  {
    id: "audience-array",
    title: "the token is for several audiences",
    looksAt: "the form of `aud`: one text, or a list",
    why: "ORDS has one audience, and users report that it refuses a token whose aud is a list",
    remedy: "remove the secondary audiences of the app, and do not ask for openid: npx ords-jwt token ENV",
    find: ({ token }) => (Array.isArray(token?.claims.aud) ? `aud is the list ${quoted(token.claims.aud)}` : undefined),
  },
  {
    id: "audience-other",
    title: "the token is for another audience",
    looksAt: "`aud` of the token and the audience of the JWT profile",
    why: "ORDS takes tokens for the registered audience only",
    remedy:
      "ask for the scopes of this API (npx ords-jwt token ENV), or npx ords-jwt register ENV if its audience has changed",
    find: (evidence) => compare(evidence, "aud", () => true),
  },
  {
    id: "scope-without-audience",
    title: "the scope was asked for without its audience",
    looksAt: "the scopes that the client asks for, and `scope` of the token",
    why: "OCI knows a scope by audience + name; asked for without it, a token has no scope that ORDS could match",
    remedy: "ask for the scope with its audience before it, as npx ords-jwt token ENV does",
    find: (evidence) => {
      const { ords, token } = evidence;
      const bare = ords.client.scopes.filter((scope) => unqualifiedScope(ords.profile.audience, scope) === undefined);
      if (bare.length > 0) return `the client asks for ${bare.join(", ")}, without ${ords.profile.audience} before it`;
      if (!token || registered(evidence).roleClaim || token.claims.scope || token.claims.scp) return undefined;
      return "the token has no scope";
    },
  },
  {
    id: "scope-not-granted",
    title: "the token lacks the scope",
    looksAt: "`scope` of the token and the privilege that protects the API",
    why: "ORDS wants a scope of the same name as the privilege, and answers 401, not 403, without it",
    remedy: "add the scope to what the client may ask for (its allowed scopes) by npx cdktf deploy ENV",
    find: (evidence) => {
      const { refused, token } = evidence;
      if (refused?.oauthError === "invalid_scope") return refused.what;
      if (!token || registered(evidence).roleClaim) return undefined;
      const granted = (token.claims.scope ?? token.claims.scp ?? "").split(" ");
      const needed = neededScopes(evidence);
      const missing = needed.scopes.filter((name) => !granted.includes(name));
      const lacks = needed.all ? missing.length > 0 : missing.length === needed.scopes.length;
      return lacks && missing.length > 0
        ? `scope is "${granted.join(" ")}", needed is ${missing.join(", ")}`
        : undefined;
    },
  },
  {
    id: "roles-missing",
    title: "the token has no roles",
    looksAt: "the claim that the JWT profile takes roles from",
    why: "a role-based profile ignores scopes: without a list of roles it lets nobody in",
    remedy:
      "add a custom claim with the user's groups to the domain's access tokens, or leave out jwtProfile.roleClaim and npx ords-jwt register ENV",
    find: (evidence) => {
      const { roleClaim } = registered(evidence);
      if (!evidence.token || !roleClaim) return undefined;
      const roles = at(roleClaim, evidence.token.raw.claims);
      return Array.isArray(roles) ? undefined : `${roleClaim} is ${quoted(roles)}, expected a list`;
    },
  },
  {
    id: "token-expired",
    title: "the token has expired",
    looksAt: "`exp` of the token and the gateway's clock",
    why: "ORDS takes no token at or after its expiry, less the allowed skew",
    remedy: "npx ords-jwt token ENV --no-cache",
    find: (evidence) => {
      const { exp } = evidence.token?.claims ?? {};
      const { now } = evidence;
      const late = exp === undefined ? 0 : now - exp - skewOf(evidence);
      return exp !== undefined && late >= 0 ? `it expired ${Math.floor(now - exp)} s ago (${date(exp)})` : undefined;
    },
  },
  {
    id: "issued-in-future",
    title: "the token was issued in the future",
    looksAt: "`iat` of the token and the gateway's clock, by its Date header",
    why: "ORDS takes no token before it was issued, and allows for no difference of the clocks unless told to",
    remedy:
      "set jwtProfile.allowedSkewSeconds (up to 60), then npx ords-jwt register ENV; set the clock of the ORDS host right",
    find: (evidence) => {
      const { iat = 0 } = evidence.token?.claims ?? {};
      const { now, ahead } = evidence;
      if (iat <= now + skewOf(evidence)) return undefined;
      const clocks = ahead === undefined ? "" : `; the gateway's clock is ${describe(ahead)} this machine's`;
      return `by the gateway's clock it will be issued in ${Math.ceil(iat - now)} s${clocks}`;
    },
  },
  {
    id: "not-yet-valid",
    title: "the token is not valid yet",
    looksAt: "`nbf` of the token and the gateway's clock",
    why: "ORDS takes no token before its nbf, less the allowed skew",
    remedy: "wait, or have the issuer leave nbf out; set the clock of the ORDS host right",
    find: (evidence) => {
      const { nbf = 0 } = evidence.token?.claims ?? {};
      const { now } = evidence;
      return nbf > now + skewOf(evidence)
        ? `by the gateway's clock it is valid in ${Math.ceil(nbf - now)} s`
        : undefined;
    },
  },
  {
    id: "token-too-old",
    title: "the token is older than allowed",
    looksAt: "`iat` of the token and the allowed age of the JWT profile",
    why: "the allowed age counts from iat, whatever exp says; an allowed age of 0 may refuse every token",
    remedy: "npx ords-jwt token ENV --no-cache, or raise jwtProfile.allowedAgeSeconds and npx ords-jwt register ENV",
    find: (evidence) => {
      const { allowedAge } = registered(evidence);
      const { iat } = evidence.token?.claims ?? {};
      if (allowedAge === 0) return "the profile's allowed age is 0";
      if (allowedAge === null || allowedAge < 0 || iat === undefined) return undefined;
      const age = Math.floor(evidence.now - iat);
      return age >= allowedAge ? `it is ${age} s old, allowed are ${allowedAge} s` : undefined;
    },
  },
];

/** Which difference there is between a claim and the profile, if it is of this kind. */
function compare(evidence: Evidence, claim: "iss" | "aud", isKind: (got: string, wanted: string) => boolean) {
  const { token } = evidence;
  if (!token) return undefined;
  const { issuer, audience } = registered(evidence);
  const wanted = claim === "iss" ? issuer : audience;
  const got = token.claims[claim];
  if (got === wanted || Array.isArray(got) || !isKind(got ?? "", wanted)) return undefined;
  return `the token has ${quoted(got)}, registered is ${quoted(wanted)}`;
}

/** The scopes that open the API that was named: all of them; of the whole stack: one at least. */
function neededScopes({ ords, protection }: Evidence): { scopes: string[]; all: boolean } {
  const names = ords.privileges.map(({ name }) => name);
  const protecting = protection?.privileges.map(({ name }) => name.toLowerCase()) ?? [];
  const scopes = names.filter((name) => protecting.includes(name.toLowerCase()));
  return scopes.length > 0 ? { scopes, all: true } : { scopes: names, all: false };
}

function skewOf(evidence: Evidence): number {
  return Math.max(0, registered(evidence).allowedSkew ?? 0);
}

function describe(ahead: number): string {
  if (ahead === 0) return "level with";
  return ahead > 0 ? `${ahead} s ahead of` : `${-ahead} s behind`;
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
