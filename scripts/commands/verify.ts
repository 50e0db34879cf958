import { ConfigurationError, type Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import type { TokenGrant } from "../../config/words";
import { type Check, checkJwks, checkToken } from "../../oauth/checks";
import { type Probe, probe, tamper } from "../../oauth/protected-resource";
import { parseToken, shownValue, type Token } from "../../oauth/token";
import { TokenError } from "../../oauth/token-error";
import { readActual } from "../../ords/database/read";
import { type Protection, protectionOf } from "../../ords/plan/protection";
import { unqualifiedScope } from "../../ords/scope";
import { accessToken, furtherClient } from "../access-token";
import { apiUrl } from "../api-url";
import { withConnection } from "../database";
import { writePage } from "../pages/page";
import { verifiedPage } from "../pages/reports";
import { clean } from "../terminal/clean";
import { CheckFailed, describe } from "../terminal/failure";
import { renderChecks } from "../terminal/render";
import { passwordIn, remember } from "../terminal/secrets";
import type { Terminal } from "../terminal/terminal";
import { type StackOutputs, stackOutputs } from "../terraform/outputs";

export interface VerifyFlags {
  /** The protected API to call. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Key of a further client in the environment file, to get the token with. @default - the app, or the developer client */
  readonly client?: string;
  readonly json?: boolean;
  /** A file to write the checks to as a page, too. */
  readonly html?: string;
}

/** Proves the whole chain: the keys, a token, its claims, and the API called with and without it. */
export async function verify(name: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const url = apiUrl(flags.url, target);
  if (!url) throw new ConfigurationError(`which API to call? give --url, or set apiUrl in environments/${name}.ts`);
  const outputs = await stackOutputs(name);
  const { profile } = outputs.ords;
  const further = furtherClient(outputs.ords, flags.client);

  const checks: Check[] = [await checkJwks(profile.jwkUrl)];
  const decided = await decisionAbout(url, target, terminal);
  const notes = [decided.text];
  const grant = further ? "client_credentials" : grantFor(outputs);
  const token = await obtained(outputs, { grant, client: flags.client }, checks, terminal);
  if (token !== undefined) {
    checks.push(
      ...(await checkToken(token, profile.jwkUrl, { ...profile, scopes: scopesAskedFor(outputs, grant, further) })),
    );
    const lacking = await tokenLackingTheScope(outputs, decided.protection, flags.client, terminal);
    if (lacking.note) notes.push(lacking.note);
    checks.push(...(await probe(url, probes(token.text, lacking.token))));
  }
  const ok = checks.every((check) => check.ok);
  const claims = token === undefined ? [] : claimsOf(token);
  if (flags.html !== undefined) {
    writePage(flags.html, verifiedPage({ stack: name, url, ok, checks, claims, notes }), terminal);
  }
  if (flags.json) terminal.json({ stack: name, url, ok, checks, decided: decided.protection ?? null });
  else terminal.log([...claims.map(claimLine), renderChecks(checks), ...notes.map(clean)].join("\n"));
  if (!ok) {
    if (!flags.json) terminal.log(`why: npx ords-jwt doctor ${name} --url ${url}`);
    throw new CheckFailed();
  }
}

function probes(token: string, lacking: string | undefined): Probe[] {
  return [
    { how: "without a token", expected: "401" },
    { how: "with garbage for a token", token: "garbage", expected: "401" },
    { how: "with a tampered token", token: tamper(token), expected: "401" },
    ...(lacking === undefined
      ? []
      : [{ how: "with a token that lacks the scope", token: lacking, expected: "401" as const }]),
    { how: "with the token", token, expected: "2xx" },
  ];
}

/** Whether the token for `verify` takes a user who signs in. */
export function takesSignIn(outputs: StackOutputs): boolean {
  return grantFor(outputs) === "authorization_code";
}

/** The cheapest grant whose token ORDS can let in: only a user has the groups that a profile with a role claim wants. */
function grantFor({ ords: { client, developerClient, profile } }: StackOutputs): TokenGrant {
  if (!client.grants.includes("client_credentials")) return "authorization_code";
  return profile.roleClaim && developerClient ? "authorization_code" : "client_credentials";
}

/** As they stand in the token: without the audience. */
function scopesAskedFor(
  { ords }: StackOutputs,
  grant: TokenGrant,
  further: { readonly scopes: readonly string[] } | undefined,
): string[] {
  const client = further ?? (grant === "authorization_code" ? ords.developerClient : ords.client);
  const { audience } = ords.profile;
  return (client?.scopes ?? []).map((scope) => unqualifiedScope(audience, scope) ?? scope);
}

/** A token; whether there is one becomes a check. */
async function obtained(
  outputs: StackOutputs,
  { grant, client }: { readonly grant: TokenGrant; readonly client?: string },
  checks: Check[],
  terminal: Terminal,
): Promise<Token | undefined> {
  const check = { what: `token by ${grant.replace("_", " ")}`, expected: "a token" };
  try {
    const { accessToken: token } = await accessToken(
      outputs,
      { grant, client, cache: grant === "authorization_code", unattended: !terminal.stdin.isTTY },
      terminal,
    );
    remember(token);
    checks.push({ ...check, got: "a token", ok: true });
    return parseToken(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    checks.push({ ...check, got: error.message, ok: false });
    return undefined;
  }
}

/** A token for all scopes but those that open the API, where the client has any. */
async function tokenLackingTheScope(
  outputs: StackOutputs,
  protection: Protection | undefined,
  key: string | undefined,
  terminal: Terminal,
): Promise<{ token?: string; note?: string }> {
  const { profile } = outputs.ords;
  const client = furtherClient(outputs.ords, key) ?? outputs.ords.client;
  const why = (reason: string) => ({ note: `not tried: a token that lacks the scope (${reason})` });
  if (!protection) return why("which scope it needs is not known");
  if (profile.roleClaim) return why("the profile is role-based");
  if (!client.grants.includes("client_credentials")) return why("the client may not use client credentials");
  const opening = protection.privileges.map(({ name }) => name);
  const scope = client.scopes
    .map((scope) => unqualifiedScope(profile.audience, scope) ?? scope)
    .filter((name) => !opening.includes(name));
  if (scope.length === 0) return why("the client has no other scope");
  const { accessToken: token } = await accessToken(
    outputs,
    { grant: "client_credentials", client: key, scope, cache: false },
    terminal,
  );
  remember(token);
  return { token };
}

/** Which module and privilege decide, as far as the database can be asked. */
async function decisionAbout(
  url: string,
  target: Environment,
  terminal: Terminal,
): Promise<{ protection?: Protection; text: string }> {
  const unknown = (reason: string) => ({ text: `decided by: not known (${reason})` });
  const { schema } = target.database;
  const lacking = lackingSecret(target.database);
  if (lacking !== undefined) return unknown(`the database is read when ${lacking} is set`);
  try {
    const protection = protectionOf(
      url,
      await withConnection(target, terminal, (connection) => readActual(connection, schema)),
    );
    if ("reason" in protection) return unknown(protection.reason);
    const { path, module, privileges, access } = protection;
    if (access === "unknown") return unknown(`no module of schema ${schema} is seen to answer ${path}`);
    const by = privileges.map(({ name, by }) => `privilege ${name} (by ${by})`).join(" and ");
    const how =
      access === "protected"
        ? by
        : by
          ? `${by}, or another module without a privilege: public`
          : "no privilege: public";
    return { protection, text: `decided by: ${module ? `module ${module}, ` : ""}${how}` };
  } catch (error) {
    // Whatever it is: the checks do without it.
    return unknown(`the database cannot be read: ${describe(error).split("\n")[0]}`);
  }
}

/** What would have to be set so that nobody is asked for a password; undefined when it is. */
export function lackingSecret({ connection, passwordVariable, walletPasswordVariable }: Environment["database"]) {
  if (!connection.externalAuth && !passwordVariable) return "passwordVariable in the environment file";
  const needed = [connection.externalAuth ? undefined : passwordVariable, walletPasswordVariable];
  return needed.find((variable) => variable && !passwordIn(variable));
}

function claimsOf({ raw: { claims } }: Token): (readonly [string, string])[] {
  return ["iss", "aud", "scope", "sub"].map((claim) => [claim, shownValue(claims[claim])] as const);
}

function claimLine([claim, value]: readonly [string, string]): string {
  return `  ${claim.padEnd(5)} ${clean(value)}`;
}
