import type { ApiAnswers, Evidence } from "../../doctor/cause";
import type { ApiAnswer } from "../../oauth/protected-resource";
import { parseToken } from "../../oauth/token";

export const now = 1_800_000_000;
const issuer = "https://identity.oraclecloud.com/";
const audience = "https://hello.example.com/";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that nobody has signed: the doctor reads what it says. */
export function tokenOf(claims: object = {}, header: object = {}) {
  const good = { iss: issuer, aud: audience, sub: "bob", scope: "hello.read", iat: now - 10, exp: now + 600 };
  return parseToken(`${part({ alg: "RS256", kid: "k", ...header })}.${part({ ...good, ...claims })}.c2ln`);
}

/** A healthy system, but for what is given. */
export function evidenceOf(changes: Partial<Evidence> = {}): Evidence {
  const jwkUrl = "https://domain.example.com/admin/v1/SigningCert/jwk";
  const profile = {
    issuer,
    audience,
    jwkUrl,
    description: "Tokens",
    allowedSkew: null,
    allowedAge: null,
    roleClaim: null,
  };
  const privileges = [
    {
      name: "hello.read",
      label: "Read",
      description: null,
      comments: null,
      roles: [],
      modules: ["hello"],
      patterns: [],
    },
  ];
  return {
    ords: {
      version: 1,
      stack: "dev",
      schema: "HELLO",
      profile,
      privileges,
      client: {
        clientId: "client",
        domainUrl: "https://domain.example.com",
        tokenEndpoint: "https://domain.example.com/oauth2/v1/token",
        authorizationEndpoint: "https://domain.example.com/oauth2/v1/authorize",
        grants: ["client_credentials"],
        redirectUris: [],
        scopes: [`${audience}hello.read`],
      },
      users: [],
    },
    now,
    token: tokenOf(),
    signature: "good",
    schema: {
      ordsVersion: "25.1.0.r1",
      schema: "HELLO",
      user: "HELLO",
      basePath: "hello",
      profile,
      privileges,
      modules: [module("me", "emp/:id")],
      roles: [],
    },
    protection: {
      path: "/hello/me",
      module: "hello",
      privileges: [{ name: "hello.read", by: "module hello" }],
      access: "protected",
    },
    api: answers("/ords/hello/hello/me", 401, 200),
    ...changes,
  } as Evidence;
}

function module(...templates: string[]) {
  return { name: "hello", basePath: "/hello/", comments: null, templates };
}

function answer(status: number, more: Partial<ApiAnswer> = {}): ApiAnswer {
  return { status, body: "", sent: now * 1000, received: now * 1000, ...more };
}

export function answers(path: string, withoutToken: number, withToken?: number, more?: Partial<ApiAnswer>): ApiAnswers {
  return {
    url: `https://api.example.com${path}`,
    withoutToken: answer(withoutToken, more),
    ...(withToken && { withToken: answer(withToken, more) }),
    isSettled: false,
  };
}

/** A call of a path below the schema's base path that is answered with 404. */
function lost(path: string, module: string | undefined, withoutToken = 404): Partial<Evidence> {
  const api = answers(`/ords/hello${path}`, withoutToken, 404);
  const privileges = [{ name: "hello.read", by: "module hello" }];
  return { api, protection: { path, module, privileges, access: "unknown" } };
}

/** What cannot be seen without the database. */
const withoutSchema = { schema: undefined, protection: undefined };

interface Case {
  readonly id: string;
  readonly changes: Partial<Evidence>;
  readonly seen: RegExp;
}

const otherStatus: [string, number, number, RegExp][] = [
  ["api-redirects", 302, 302, /answers 302 without a token, to https:\/\/login\.example\.com\/$/],
  ["api-method", 405, 405, /answers 405 without a token/],
  ["api-method", 401, 405, /answers 405 with the token/],
  ["api-forbidden", 403, 403, /answers 403 without a token; module hello serves \/hello\/me; Server: envoy/],
  ["api-forbidden", 401, 403, /answers 403 with the token; module hello serves \/hello\/me; Server: envoy/],
  ["api-throttled", 401, 429, /answers 429 with the token/],
  ["handler-fails", 401, 555, /answers 555 with the token; module hello serves \/hello\/me$/],
  ["handler-fails", 401, 500, /answers 500 with the token/],
  ["api-fails", 500, 500, /answers 500 without a token/],
  ["api-unavailable", 502, 502, /502/],
  ["api-unavailable", 503, 503, /503/],
  ["api-unavailable", 401, 504, /504 with the token/],
  ["api-fails", 574, 574, /574/],
  ["api-fails", 501, 501, /501/],
  ["api-other-status", 400, 400, /400/],
  ["api-other-status", 401, 406, /406 with the token/],
  ["api-other-status", 410, 410, /410/],
];

const wrongTypes: [string, object, string][] = [
  ["scope of the claims", { scope: ["hello.read"] }, 'is the list ["hello.read"], expected a text with spaces'],
  ["aud of the claims", { aud: 42 }, "is the number 42, expected a text"],
  ["aud of the claims", { aud: [42] }, "is the list [42], expected a text"],
  ["iss of the claims", { iss: { toString: "x" } }, 'is the object {"toString":"x"}, expected a text'],
  ["iat of the claims", { iat: "now" }, 'is the text "now", expected seconds since 1970'],
  ["exp of the claims", { exp: 1e17 }, "is the number 100000000000000000, expected seconds since 1970"],
  ["exp of the claims", { exp: -1 }, "is the number -1, expected seconds since 1970"],
  ["nbf of the claims", { nbf: true }, "is the boolean true, expected seconds since 1970"],
  ["sub of the claims", { sub: null }, "is null, expected a text"],
  ["scp of the claims", { scp: ["hello.read"] }, "is the list"],
];

/** Causes that need no system that is broken: what calls are answered with, and the form of a token. */
export const cases: readonly Case[] = [
  {
    id: "schema-not-enabled",
    changes: { schema: { ...evidenceOf().schema!, basePath: null }, api: answers("/ords/hello/hello/me", 404) },
    seen: /schema HELLO is not REST-enabled/,
  },
  { id: "api-unreachable", changes: { api: "https://x/ cannot be reached: refused" }, seen: /^https:\/\/x\/ cannot/ },
  ...otherStatus.map(([id, without, withToken, seen]) => ({
    id,
    changes: {
      api: answers("/ords/hello/hello/me", without, withToken, {
        location: "https://login.example.com/",
        server: "envoy",
      }),
    },
    seen,
  })),
  {
    id: "url-double-slash",
    changes: { ...lost("/hello/me", "hello"), api: answers("/ords//hello/hello/me", 404), protection: undefined },
    seen: /answers 404 without a token: the path is \/ords\/\/hello\/hello\/me$/,
  },
  {
    id: "url-alias",
    changes: { api: answers("/ords/Hello/hello/me", 404), protection: undefined },
    seen: /the schema's base path is "hello", the URL has "Hello"$/,
  },
  ...[
    ["/ords/Hello/V1/hello/me", 'has "Hello/V1"'],
    ["/ords/pool/hello/v2/hello/me", 'has "hello/v2"'],
    ["/ords/hello", "which the URL does not have"],
  ].map(([path, seen]) => ({
    id: "url-alias",
    changes: {
      schema: { ...evidenceOf().schema!, basePath: "hello/v1" },
      api: answers(path!, 404),
      protection: undefined,
    },
    seen: new RegExp(`the schema's base path is "hello/v1", .*${seen}$`),
  })),
  {
    id: "url-alias",
    changes: { api: answers("/ords/quite-another/x", 404), protection: undefined },
    seen: /the schema's base path is "hello", which the URL does not have$/,
  },
  {
    id: "url-module",
    changes: lost("/Hello/me", undefined),
    seen: /no module serves \/Hello\/me; the nearest has the base path \/hello\/$/,
  },
  {
    id: "url-module",
    changes: lost("/quite/another", undefined),
    seen: /no module serves \/quite\/another; base paths are \/hello\/$/,
  },
  {
    id: "url-trailing-slash",
    changes: lost("/hello/me/", "hello", 401),
    seen: /answers 404 with the token: the path is \/hello\/me\/, the template \/hello\/me$/,
  },
  {
    id: "url-trailing-slash",
    changes: lost("/hello/emp/7/", "hello"),
    seen: /the path is \/hello\/emp\/7\/, the template \/hello\/emp\/:id$/,
  },
  {
    id: "url-template",
    changes: lost("/hello/Me", "hello"),
    seen: /module hello has no template for \/hello\/Me; the nearest is \/hello\/me$/,
  },
  {
    id: "url-template",
    changes: lost("/hello/something/else/again", "hello"),
    seen: /module hello has no template for \S+; templates are \/hello\/me, \/hello\/emp\/:id$/,
  },
  {
    id: "api-not-found",
    changes: lost("/hello/emp/7", "hello", 401),
    seen: /answers 404 with the token; module hello serves \/hello\/emp\/7$/,
  },
  {
    id: "api-not-found",
    changes: { ...lost("/hello/me", "hello"), ...withoutSchema },
    seen: /answers 404 without a token$/,
  },
  {
    // Whether the template matches is not known.
    id: "api-not-found",
    changes: { ...lost("/hello/a,b", "hello"), schema: { ...evidenceOf().schema!, modules: [module(":a,:b")] } },
    seen: /answers 404 without a token; module hello serves \/hello\/a,b$/,
  },
  ...wrongTypes.map(([name, claims, text]) => ({
    id: "claim-type",
    changes: { token: tokenOf(claims) },
    seen: new RegExp(`^${name} ${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
  })),
  { id: "claim-type", changes: { token: tokenOf({}, { kid: 7 }) }, seen: /^kid of the header is the number 7/ },
  {
    // The module has the name of the schema's base path.
    id: "url-alias",
    changes: { ...lost("/me", undefined), api: answers("/ords/HELLO/hello/me", 404) },
    seen: /the schema's base path is "hello", the URL has "HELLO"$/,
  },
  {
    id: "url-alias",
    changes: { ...lost("/me", undefined), api: answers("/ords/other/hello/me", 404) },
    seen: /the schema's base path is "hello", which the URL does not have before \/hello\/me$/,
  },
  {
    id: "jwks-unreachable",
    changes: { jwks: "https://domain.example.com/jwk cannot be reached: connect ECONNREFUSED 127.0.0.1:9" },
    seen: /^https:\/\/domain\.example\.com\/jwk cannot be reached: connect ECONNREFUSED/,
  },
  {
    id: "jwks-unreachable",
    changes: { jwks: { status: 200, bytes: 15, keys: undefined, problem: "keys.0: expected object" } },
    seen: /answered with something else than keys: keys\.0: expected object$/,
  },
  {
    id: "jwks-too-large",
    changes: { jwks: { status: 200, bytes: Number.POSITIVE_INFINITY, keys: undefined } },
    seen: /^the JWKS has more than 1000000 bytes/,
  },
  {
    id: "jwks-too-large",
    changes: { jwks: { status: 200, bytes: 150_000, keys: undefined } },
    seen: /^the JWKS has 150000 bytes/,
  },
  {
    id: "claim-missing",
    changes: { token: tokenOf({ sub: undefined, iat: undefined }) },
    seen: /^it has no sub, iat$/,
  },
  { id: "token-type", changes: { token: tokenOf({}, { typ: "at+jwt" }) }, seen: /^typ is "at\+jwt"$/ },
  { id: "not-yet-valid", changes: { token: tokenOf({ nbf: now + 90 }) }, seen: /it is valid in 90 s$/ },
  {
    id: "module-unprotected",
    changes: { ...withoutSchema, api: { ...answers("/ords/hello/hello/me", 200, 200), isSettled: true } },
    seen: /answers 200 without a token$/,
  },
];
