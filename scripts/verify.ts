import { environment } from "../environments";
import { ConfigurationError } from "../environments/environment";
import { clientCredentialsToken } from "../oauth/client-credentials";
import { checkClaims, verifyToken } from "../oauth/token-claims";
import { probe } from "../oauth/verify";
import { CheckFailed } from "./failure";
import { type StackOutputs, stackOutputs } from "./outputs";
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

  const accessToken = await clientToken(outputs);
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

/** Prints an access token for the environment's scopes, and nothing else. */
export async function token(name: string): Promise<void> {
  environment(name);
  console.log(await clientToken(await stackOutputs(name)));
}

async function clientToken({ ords, clientSecret }: StackOutputs): Promise<string> {
  if (!clientSecret || !ords.client.grants.includes("client_credentials")) {
    throw new ConfigurationError(
      `the client of stack ${ords.stack} may not use client credentials (its grants: ${ords.client.grants.join(", ")}): add client_credentials to app.grants`,
    );
  }
  return clientCredentialsToken({ ...ords.client, clientSecret });
}
