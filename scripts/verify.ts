import { environment } from "../environments";
import { checkClaims, verifyToken } from "../oauth/token-claims";
import { probe } from "../oauth/verify";
import { accessToken as obtainToken } from "./access-token";
import { CheckFailed } from "./failure";
import { stackOutputs } from "./outputs";
import { renderChecks } from "./render";

export interface VerifyFlags {
  /** The protected API to call. */
  readonly url: string;
}

/** Proves the whole chain: a token, its claims, and the API called without, with a tampered and with the good token. */
export async function verify(name: string, { url }: VerifyFlags): Promise<void> {
  environment(name);
  const outputs = await stackOutputs(name);
  const { profile, privileges } = outputs.ords;
  const expected = { ...profile, scopes: privileges.map((privilege) => privilege.name) };

  const grant = outputs.ords.client.grants.includes("client_credentials") ? "client_credentials" : undefined;
  const { accessToken } = await obtainToken(outputs, { grant, cache: false });
  const claims = await verifyToken(accessToken, profile.jwkUrl, expected);
  console.log(`token verified with the keys of ${profile.jwkUrl}`);
  for (const claim of ["iss", "aud", "scope", "sub"]) console.log(`  ${claim.padEnd(5)} ${claims[claim]}`);
  console.log(`  exp   ${new Date((claims.exp ?? 0) * 1000).toISOString()}`);

  const checks = [
    ...checkClaims(accessToken, expected).map(({ claim, ...check }) => ({ what: `token's ${claim}`, ...check })),
    ...(await probe(url, accessToken)),
  ];
  console.log(renderChecks(checks));
  if (checks.some((check) => !check.ok)) throw new CheckFailed();
}
