import { ConfigurationError } from "../config/environment";
import type { TokenGrant } from "../config/words";
import { signInWithBrowser } from "../oauth/browser-sign-in";
import { clientCredentialsToken } from "../oauth/client-credentials";
import { discover } from "../oauth/discovery";
import { getToken } from "../oauth/get-token";
import { TokenCache } from "../oauth/token-cache";
import type { TokenSet } from "../oauth/token-set";
import { strangerNote } from "../oauth/user";
import type { OrdsOutput } from "../ords/output";
import { qualifiedScope, unqualifiedScope } from "../ords/scope";
import { show } from "./terminal/browser";
import type { Terminal } from "./terminal/terminal";
import type { StackOutputs } from "./terraform/outputs";

export interface TokenOptions {
  /** @default "authorization_code", or "client_credentials" where the environment has no developer client */
  readonly grant?: TokenGrant;
  /** With or without the audience. @default - all that the client may ask for */
  readonly scope?: readonly string[];
  /** Use and keep tokens in `.tokens`. @default true */
  readonly cache?: boolean;
  /** Open the browser; otherwise only the address is printed. @default true */
  readonly browser?: boolean;
  /** @default false */
  readonly openid?: boolean;
  /** Seconds to wait for the sign-in. @default 300 */
  readonly timeout?: number;
}

/** An access token for an environment, by the grant that was asked for. */
export function accessToken(outputs: StackOutputs, options: TokenOptions, terminal: Terminal): Promise<TokenSet> {
  const grant = options.grant ?? (outputs.ords.developerClient ? "authorization_code" : "client_credentials");
  return grant === "client_credentials"
    ? byClientCredentials(outputs, options)
    : byBrowser(outputs.ords, options, terminal);
}

function byClientCredentials({ ords, clientSecret }: StackOutputs, options: TokenOptions): Promise<TokenSet> {
  const { stack, client } = ords;
  if (!clientSecret || !client.grants.includes("client_credentials")) {
    throw new ConfigurationError(
      `the client of stack ${stack} may not use client credentials (its grants: ${client.grants.join(", ")}): add client_credentials to app.grants`,
    );
  }
  if (options.openid) throw new ConfigurationError("--openid needs a user: leave out --grant client_credentials");
  const scopes = qualified(options.scope, client.scopes, ords.profile.audience);
  return getToken({
    cache: cacheOf(options, stack, client.clientId),
    scopes,
    grant: () => clientCredentialsToken({ ...client, clientSecret, scopes }),
  });
}

function byBrowser(ords: OrdsOutput, options: TokenOptions, terminal: Terminal): Promise<TokenSet> {
  const { stack, developerClient, profile, client } = ords;
  if (!developerClient) {
    throw new ConfigurationError(
      `stack ${stack} has no developer client to sign in with: add developerClient: {} to environments/${stack}.ts and deploy, or use --grant client_credentials`,
    );
  }
  const { clientId, redirectUris, grants } = developerClient;
  const scopes = qualified(options.scope, developerClient.scopes, profile.audience);
  const { openid = false, browser = true, timeout = 300 } = options;
  const publicClient = async () => ({
    server: await discover({ ...client, issuer: profile.issuer }),
    clientId,
    scopes,
  });
  // Another token: its audience may differ.
  const asked = openid ? ["openid", ...scopes] : scopes;
  const mayRefresh = grants.includes("refresh_token");
  return getToken({
    cache: cacheOf(options, stack, clientId),
    scopes: asked,
    refreshing: mayRefresh ? async () => ({ ...(await publicClient()), scopes: asked }) : undefined,
    grant: async () =>
      signInWithBrowser({
        ...(await publicClient()),
        redirectUris,
        openid,
        offline: mayRefresh,
        timeoutSeconds: timeout,
        open: (url) => show(url, browser, "sign in", terminal),
        noteOn: (token) => strangerNote(token, ords.users),
      }),
  });
}

function cacheOf({ cache = true }: TokenOptions, stack: string, clientId: string): TokenCache | undefined {
  return cache ? new TokenCache(stack, clientId) : undefined;
}

/** Scopes as the domain wants them, audience first. */
function qualified(names: readonly string[] | undefined, known: readonly string[], audience: string): string[] {
  if (!names) return [...known];
  return names.map((name) => {
    const scope = known.find((fqs) => fqs === name || fqs === qualifiedScope(audience, name));
    if (scope) return scope;
    const short = known.map((fqs) => unqualifiedScope(audience, fqs) ?? fqs);
    throw new ConfigurationError(`unknown scope "${name}": the client may ask for ${short.join(", ")}`);
  });
}
