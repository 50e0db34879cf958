import fc from "fast-check";
import { causes, diagnose } from "../../doctor/diagnose";
import { decode } from "../../oauth/decode";
import { discover } from "../../oauth/discovery";
import { readJwks } from "../../oauth/jwks";
import { parseToken } from "../../oauth/token";
import { tokenSet } from "../../oauth/token-set";
import { decodedJson, renderDecoded } from "../../scripts/terminal/render-token";
import { evidenceOf } from "../doctor/cases";
import { serve } from "./server";

// Whatever comes from outside, the error is one of ours, with a code.

const names = [
  "iss",
  "aud",
  "sub",
  "scope",
  "scp",
  "iat",
  "nbf",
  "exp",
  "alg",
  "kid",
  "typ",
  "crit",
  "gtp",
  "tenant_iss",
  "__proto__",
];
const members = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue(), { maxKeys: 12 });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = fc.tuple(members, members).map(([header, claims]) => `${part(header)}.${part(claims)}.c2ln`);

const origin = "https://domain.example.com";
let body = "";
let close: () => Promise<void>;
beforeAll(async () => {
  close = await serve({ [origin]: (_request, response) => response.end(body) });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await close();
});

const codeOf = (run: () => unknown) => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

test("any claims and any header are shown, judged and diagnosed", async () => {
  await fc.assert(
    fc.asyncProperty(token, async (text) => {
      const parsed = parseToken(text);
      // What the token itself says may be shown.
      fc.pre(!/NaN|\[object/.test(JSON.stringify(parsed.raw)));
      const decoded = await decode(parsed);
      expect(renderDecoded(decoded, undefined, new Date())).not.toMatch(/NaN|\[object/);
      expect(decodedJson(decoded, undefined).claims).toEqual(parsed.raw.claims);
      const finding = diagnose(evidenceOf({ token: parsed }));
      expect([undefined, ...causes.map(({ id }) => id)]).toContain(finding?.id);
    }),
    // A claim that cannot be made a text: {"":{"toString":""}}.
    { numRuns: 100, examples: [["e30.eyIiOnsidG9TdHJpbmciOiIifX0.c2ln"]] },
  );
});

test("any bytes are a token or are not one", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // A good one with a byte changed.
    fc.tuple(token, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([text, at, byte]) => {
      const changed = Buffer.from(text);
      changed[at % changed.length] = byte;
      return changed;
    }),
  );
  fc.assert(
    fc.property(bytes, (input) =>
      expect([undefined, "not-a-token", "invalid-input"]).toContain(codeOf(() => parseToken(input))),
    ),
    { numRuns: 200 },
  );
});

test("any token response is taken or refused", () => {
  const response = fc.record(
    { access_token: fc.oneof(token, fc.jsonValue()), expires_in: fc.jsonValue(), refresh_token: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(response, (value) =>
      expect([undefined, "no-token"]).toContain(codeOf(() => tokenSet(value as never, "c"))),
    ),
    { numRuns: 100 },
  );
});

const answer = fc.oneof(
  fc.json(),
  fc.string(),
  fc.array(fc.oneof(members, fc.jsonValue()), { maxLength: 3 }).map((keys) => JSON.stringify({ keys })),
  members.map((more) =>
    JSON.stringify({ authorization_endpoint: `${origin}/a`, token_endpoint: `${origin}/t`, ...more }),
  ),
);

test("any answer is a key set or is not one, and a discovery document or not", async () => {
  const domain = { domainUrl: origin, authorizationEndpoint: "x", tokenEndpoint: "x", issuer: "https://issuer/" };
  await fc.assert(
    fc.asyncProperty(answer, async (text) => {
      body = text;
      const { keys, problem } = await readJwks(`${origin}/jwk`);
      expect(Boolean(keys)).toBe(problem === undefined);
      const endpoints = await discover(domain).catch((error) => error.code);
      if (typeof endpoints === "object") expect(endpoints.token_endpoint).toMatch(/^https:\/\/domain\.example\.com\//);
      else expect(endpoints).toBe("no-token");
    }),
    { numRuns: 100 },
  );
});
