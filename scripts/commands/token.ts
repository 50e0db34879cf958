import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { decode, type Registered } from "../../oauth/decode";
import { discover } from "../../oauth/discovery";
import { parseToken } from "../../oauth/token";
import { TokenCache } from "../../oauth/token-cache";
import { checkClaims } from "../../oauth/token-claims";
import type { TokenSet } from "../../oauth/token-set";
import { strangerNote } from "../../oauth/user";
import type { OrdsOutput } from "../../ords/output";
import { accessToken, furtherClient, type TokenOptions, usersOf } from "../access-token";
import { requireUrl } from "../api-url";
import { curlLine } from "../curl";
import { show } from "../terminal/browser";
import { clean } from "../terminal/clean";
import { CheckFailed } from "../terminal/failure";
import { decodedJson, renderDecoded } from "../terminal/render-token";
import type { Terminal } from "../terminal/terminal";
import { readOutputs } from "../terraform/outputs";
import { readStream } from "../text-file";

export interface TokenFlags extends TokenOptions {
  /** Print a header for curl in place of the bare token. */
  readonly header?: boolean;
  readonly json?: boolean;
  /** Print a line for a shell that calls this API with a token, and get none. */
  readonly curl?: string;
  /** End the browser's session at the domain, and get no token. */
  readonly logout?: boolean;
}

/** Prints an access token, and nothing else on standard output. */
export async function token(name: string, flags: TokenFlags, terminal: Terminal): Promise<void> {
  environment(name);
  if (flags.header && flags.json) throw new ConfigurationError("--header and --json exclude each other");
  if (flags.curl !== undefined) requireUrl("--curl", flags.curl);
  const outputs = await readOutputs(name, terminal, { plain: false });
  if (flags.curl !== undefined) {
    furtherClient(outputs.ords, flags.client);
    return terminal.log(curlLine(name, flags.curl, argumentsOf(flags)));
  }
  if (flags.logout) return logOut(outputs.ords, flags.browser ?? true, terminal);
  const tokens = await accessToken(outputs, flags, terminal);
  const { profile, users } = outputs.ords;
  // What ORDS will say of it, before it does; a scope that was not asked for is no news.
  const parsed = parseToken(tokens.accessToken);
  const checks = checkClaims(parsed, { ...profile, scopes: [] });
  const wrong = checks.filter((check) => !check.ok);
  for (const { claim, expected, got } of wrong) {
    terminal.error(`warning: ${claim} is ${clean(got)}, registered is ${expected}: ORDS may answer 401`);
  }
  const note = strangerNote(parsed, users);
  if (note) terminal.error(`note: ${clean(note)}`);
  if (flags.json) terminal.json(asJson(tokens));
  else terminal.log(`${flags.header ? "Authorization: Bearer " : ""}${tokens.accessToken}`);
  if (wrong.some(({ claim }) => claim === "iss")) throw new CheckFailed();
}

/** As they were given, for the line that gets the token. */
function argumentsOf({ grant, client, scope, openid, browser, cache, timeout }: TokenFlags): string[] {
  return [
    ...(grant ? ["--grant", grant] : []),
    ...(client ? ["--client", client] : []),
    ...(scope ?? []).flatMap((name) => ["--scope", name]),
    ...(openid ? ["--openid"] : []),
    ...(browser === false ? ["--no-browser"] : []),
    ...(cache === false ? ["--no-cache"] : []),
    ...(timeout !== undefined && timeout !== 300 ? ["--timeout", String(timeout)] : []),
  ];
}

function asJson({ accessToken, expiresAt }: TokenSet): object {
  return { access_token: accessToken, token_type: "Bearer", expires_at: new Date(expiresAt * 1000).toISOString() };
}

async function logOut(
  { stack, client, clients, developerClient, profile }: OrdsOutput,
  browser: boolean,
  terminal: Terminal,
): Promise<void> {
  for (const { clientId } of [client, ...Object.values(clients ?? {}), ...(developerClient ? [developerClient] : [])]) {
    for (const owner of [clientId, usersOf(clientId)]) new TokenCache(stack, owner).forget();
  }
  const { end_session_endpoint } = await discover({ ...client, issuer: profile.issuer });
  // Older documents leave it out; it is where the domain has always had it.
  await show(
    new URL(end_session_endpoint ?? `${client.domainUrl}/oauth2/v1/userlogout`),
    browser,
    "sign out",
    terminal,
  );
}

export interface DecodeFlags {
  /** Environment whose keys check the signature. */
  readonly environment?: string;
  readonly json?: boolean;
}

/** Shows what is in a token that comes on standard input. */
export async function decodeToken(source: string, flags: DecodeFlags, terminal: Terminal): Promise<void> {
  if (source !== "-") {
    // An argument stays in the shell's history and shows in the list of processes.
    throw new ConfigurationError("a token is read from standard input only: ords-jwt token decode - < FILE");
  }
  const token = parseToken(await readStream(terminal.stdin, "the token from standard input"));
  const registered = await registeredIn(flags.environment, terminal);
  const decoded = await decode(token, registered);
  if (flags.json) terminal.json(decodedJson(decoded, registered?.jwkUrl));
  else terminal.log(renderDecoded(decoded, registered?.jwkUrl, new Date()));
  // Without an environment nothing is known that a token could fail.
  if (decoded.signature === "wrong" || (registered && decoded.problems.length > 0)) throw new CheckFailed();
}

async function registeredIn(name: string | undefined, terminal: Terminal): Promise<Registered | undefined> {
  if (name === undefined) return undefined;
  environment(name);
  const { profile, privileges } = (await readOutputs(name, terminal, { plain: false })).ords;
  return { ...profile, scopes: profile.roleClaim ? [] : privileges.map((privilege) => privilege.name) };
}
