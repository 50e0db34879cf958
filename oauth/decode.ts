import { checkSignature, type Signature } from "./signature";
import type { Token } from "./token";
import { checkClaims, distance, type Expectation, earlinessProblems, formProblems } from "./token-claims";

/** What is registered, to compare a token with. */
export interface Registered extends Omit<Expectation, "scopes"> {
  readonly jwkUrl: string;
  /** Of which a token must have one at least; empty where scopes do not count. */
  readonly scopes: readonly string[];
}

/** A token taken apart; nothing in it is proved unless `signature` says so. */
export interface Decoded {
  readonly token: Token;
  readonly signature: Signature;
  /** What ORDS would refuse it for, a line each; as far as it is known what is registered. */
  readonly problems: readonly string[];
}

/**
 * Examines a token, and its signature where it is known what is registered.
 * @throws JwksError, HttpError
 */
export async function decode(token: Token, registered?: Registered): Promise<Decoded> {
  const now = Date.now() / 1000;
  const { exp } = token.claims;
  return {
    token,
    signature: registered ? await checkSignature(token, registered.jwkUrl) : "not checked",
    problems: [
      ...formProblems(token),
      ...(registered ? mismatches(token, registered) : []),
      ...earlinessProblems(token, now),
      ...(exp !== undefined && exp <= now ? [`it expired ${distance(exp, now)}`] : []),
    ],
  };
}

function mismatches(token: Token, registered: Registered): string[] {
  const { scope, scp = "" } = token.claims;
  const granted = (scope ?? scp).split(" ");
  const wrong = checkClaims(token, { ...registered, scopes: [] }).filter(({ ok }) => !ok);
  return [
    ...wrong.map(({ claim, got, expected }) => `${claim} is ${got}, registered is ${expected}`),
    ...(registered.scopes.length === 0 || registered.scopes.some((name) => granted.includes(name))
      ? []
      : [`scope is ${JSON.stringify(scope ?? scp)}, none of ${registered.scopes.join(", ")}`]),
  ];
}
