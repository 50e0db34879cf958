import { ConfigurationError } from "../config/configuration-error";
import type { TokenGrant } from "../config/words";
import { signInWithBrowser } from "../oauth/browser-sign-in";
import { clientCredentialsToken } from "../oauth/client-credentials";
import { type DeviceCode, signInWithCode } from "../oauth/device";
import { discover } from "../oauth/discovery";
import { getToken } from "../oauth/get-token";
import { TokenCache } from "../oauth/token-cache";
import { TokenError } from "../oauth/token-error";
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
  /** Key of a further client in the environment file, for client credentials or a code. @default - the app, or the developer client */
  readonly client?: string;
  /** With or without the audience. @default - all that the client may ask for */
  readonly scope?: readonly string[];
  /** Use and keep tokens in `.tokens`. @default true */
  readonly cache?: boolean;
  /** Open the browser; otherwise only the address is printed. @default true */
  readonly browser?: boolean;
  /** @default false */
  readonly openid?: boolean;
  /** Sign nobody in: a kept or refreshed token, or none. @default false */
  readonly unattended?: boolean;
  /** Seconds to wait for the sign-in. @default 300 */
  readonly timeout?: number;
}

/** An access token for an environment, by the grant that was asked for. */
export function accessToken(outputs: StackOutputs, options: TokenOptions, terminal: Terminal): Promise<TokenSet> {
  const { client, grant = client || !outputs.ords.developerClient ? "client_credentials" : "authorization_code" } =
    options;
  if (client !== undefined && grant === "authorization_code") {
    throw new ConfigurationError(
      `client "${client}" takes its users to its own redirect URI: leave out --client to sign in, or use --grant client_credentials or --grant device`,
    );
  }
  if (grant === "client_credentials") return byClientCredentials(outputs, options);
  return grant === "device" ? byCode(outputs, options, terminal) : byBrowser(outputs.ords, options, terminal);
}

function byClientCredentials(outputs: StackOutputs, options: TokenOptions): Promise<TokenSet> {
  const { ords } = outputs;
  const { stack } = ords;
  const client = { ...ords.client, ...furtherClient(ords, options.client) };
  const clientSecret = options.client === undefined ? outputs.clientSecret : outputs.clientSecrets[options.client];
  if (!clientSecret || !client.grants.includes("client_credentials")) {
    const [who, where] =
      options.client === undefined
        ? ["the client", "app.grants"]
        : [`client "${options.client}"`, `clients.${options.client}.grants`];
    throw new ConfigurationError(
      `${who} of stack ${stack} may not use client credentials (its grants: ${client.grants.join(", ")}): add client_credentials to ${where}`,
    );
  }
  if (options.openid) throw new ConfigurationError("--openid needs a user: leave out --grant client_credentials");
  const scopes = qualified(options.scope, client.scopes, ords.profile.audience);
  return getToken({
    cache: cacheOf(options, stack, client.clientId),
    scopes,
    audience: ords.profile.audience,
    grant: () => clientCredentialsToken({ ...client, clientSecret, scopes }),
  });
}

/** @throws ConfigurationError naming the keys that there are */
export function furtherClient({ stack, clients }: OrdsOutput, key: string | undefined) {
  if (key === undefined) return undefined;
  const known = Object.keys(clients ?? {});
  const client = known.includes(key) ? clients?.[key] : undefined;
  if (client) return client;
  throw new ConfigurationError(
    `stack ${stack} has no client "${key}": known are ${known.join(", ") || "none"}; declare it under clients in environments/${stack}.ts and deploy`,
  );
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
  const { openid = false, browser = true, timeout = 300, unattended = false } = options;
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
    audience: profile.audience,
    refreshing: mayRefresh ? async () => ({ ...(await publicClient()), scopes: asked }) : undefined,
    grant: async () => {
      if (unattended) throw new TokenError(unattendedReason(stack));
      return signInWithBrowser({
        ...(await publicClient()),
        redirectUris,
        openid,
        offline: mayRefresh,
        timeoutSeconds: timeout,
        open: (url) => show(url, browser, "sign in", terminal),
        noteOn: (token) => strangerNote(token, ords.users),
      });
    },
  });
}

/** By a code that a person types in on another device. */
async function byCode(outputs: StackOutputs, options: TokenOptions, terminal: Terminal): Promise<TokenSet> {
  const { stack, profile, client: app } = outputs.ords;
  const { clientId, clientSecret, scopes: known, grants, isUsersOnly } = clientForCodes(outputs, options.client);
  const scopes = qualified(options.scope, known, profile.audience);
  const { openid = false, timeout = 300 } = options;
  const client = async () => ({
    server: await discover({ ...app, issuer: profile.issuer }),
    clientId,
    clientSecret,
    scopes,
  });
  const asked = openid ? ["openid", ...scopes] : scopes;
  const mayRefresh = grants.includes("refresh_token");
  return getToken({
    cache: cacheOf(options, stack, isUsersOnly ? clientId : usersOf(clientId)),
    scopes: asked,
    audience: profile.audience,
    refreshing: mayRefresh ? async () => ({ ...(await client()), scopes: asked }) : undefined,
    grant: async () =>
      signInWithCode({
        ...(await client()),
        domainUrl: app.domainUrl,
        openid,
        offline: mayRefresh,
        timeoutSeconds: timeout,
        show: (code) => showCode(code, terminal),
      }),
  });
}

/** A client that gets tokens of its own as well keeps those of its users apart. */
export function usersOf(clientId: string): string {
  return `users of ${clientId}`;
}

interface CodeClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes: readonly string[];
  readonly grants: readonly string[];
  /** It gets no tokens of its own. */
  readonly isUsersOnly?: boolean;
}

/** The client that was asked for, or the developer client where it may have codes, or the app. */
function clientForCodes({ ords, clientSecret, clientSecrets }: StackOutputs, key: string | undefined): CodeClient {
  const further = furtherClient(ords, key);
  const { client, developerClient, stack } = ords;
  const candidates: (CodeClient | undefined)[] =
    key !== undefined
      ? [further && { ...further, clientSecret: clientSecrets[key] }]
      : [developerClient ? { ...developerClient, isUsersOnly: true } : undefined, { ...client, clientSecret }];
  const found = candidates.find((candidate) => candidate?.grants.includes("device_code"));
  if (found) return found;
  const [who, remedy] =
    key !== undefined
      ? [`client "${key}" may not`, `device_code to clients.${key}.grants`]
      : ["neither the developer client nor the app may", "developerClient: { allowDeviceCode: true }"];
  throw new ConfigurationError(
    `stack ${stack}: ${who} let users sign in by a code: add ${remedy} in environments/${stack}.ts and deploy`,
  );
}

function showCode({ page, pageWithCode, userCode, expiresIn }: DeviceCode, terminal: Terminal): void {
  terminal.error(
    `sign in with a browser on any device, at this address:\n  ${page}\nand type in this code:\n  ${userCode}`,
  );
  if (pageWithCode) terminal.error(`or at this address, which has the code in it:\n  ${pageWithCode}`);
  terminal.error(`waiting; the code is good for ${expiresIn} s`);
}

/** Why there is no token where nobody can sign in, and what to do. */
export function unattendedReason(stack: string): string {
  return `a token takes a user who signs in with the browser, and there is no terminal: run npx ords-jwt verify ${stack} in one, or sign in there with npx ords-jwt token ${stack}, whose token is kept`;
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
