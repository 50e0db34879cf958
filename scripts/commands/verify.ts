import { ConfigurationError } from "../../config/configuration-error";
import type { Environment } from "../../config/environment";
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
import { step } from "../terminal/progress";
import { renderChecks } from "../terminal/render";
import { passwordIn, remember } from "../terminal/secrets";
import type { Terminal } from "../terminal/terminal";
import { readOutputs, type StackOutputs } from "../terraform/outputs";

export interface VerifyFlags {
  /** The protected API to call. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Key of a further client in the environment file, to get the token with. @default - the app, or the developer client */
  readonly client?: string;
  readonly json?: boolean;
  /** A file to write the checks to as a page, too. */
  readonly html?: string;
  /** Outputs of the stack that were read already. @default - they are read */
  readonly applied?: StackOutputs;
  /** It is part of another command, which may be told to be quiet. @default false */
  readonly onTheWay?: boolean;
}

/** Proves the whole chain: the keys, a token, its claims, and the API called with and without it. */
export async function verify(name: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const url = apiUrl(flags.url, target);
  if (!url) throw new ConfigurationError(`which API to call? give --url, or set apiUrl in environments/${name}.ts`);
  const outputs = flags.applied ?? (await readOutputs(name, terminal));
  const parts = partsOf({ outputs, url, target, client: flags.client }, terminal);
  // What fails before it is its turn is waited for, too.
  const settled = Promise.allSettled(parts);
  const checks: Check[] = [];
  const claims: Claim[] = [];
  const notes: string[] = [];
  let decided: Protection | undefined;
  const print = (text: string) => (flags.onTheWay ? terminal.say(text) : terminal.print(text));
  try {
    for (const part of parts) {
      const found = await part;
      const { checks: some = [], protection } = found;
      checks.push(...some);
      claims.push(...(found.claims ?? []));
      notes.push(...(found.notes ?? []));
      decided ??= protection;
      const lines = [
        ...(found.claims ?? []).map(claimLine),
        ...(some.length > 0 ? [renderChecks(some)] : []),
        ...(found.notes ?? []).map(clean),
      ];
      if (!flags.json && lines.length > 0) print(lines.join("\n"));
    }
  } finally {
    // What is still under way would keep the process from ending, or end after it has said how it ended.
    await settled;
  }
  const wrong = checks.filter((check) => !check.ok);
  const ok = wrong.length === 0;
  terminal.summary = ok
    ? `all ${checks.length} checks passed`
    : `${wrong.length} of ${checks.length} checks failed: ${wrong[0]?.what}: ${wrong[0]?.got}`;
  if (flags.html !== undefined) {
    writePage(flags.html, verifiedPage({ stack: name, url, ok, checks, claims, notes }), terminal);
  }
  if (flags.json) terminal.json({ stack: name, url, ok, checks, decided: decided ?? null });
  if (!ok) {
    if (!flags.json) terminal.print(`why: npx ords-jwt doctor ${name} --url ${url}`);
    throw new CheckFailed();
  }
}

/** Its name and its value. */
type Claim = readonly [string, string];

interface Verified {
  readonly outputs: StackOutputs;
  readonly url: string;
  readonly target: Environment;
  readonly client: string | undefined;
}

/** What is shown together, once it is known. */
interface Part {
  readonly checks?: readonly Check[];
  /** What is in the token. */
  readonly claims?: readonly Claim[];
  readonly notes?: readonly string[];
  /** What decides about the API. */
  readonly protection?: Protection;
}

/** All checks, in the order in which they are shown; those that do not depend on each other are made side by side. */
function partsOf({ outputs, url, target, client }: Verified, terminal: Terminal): Promise<Part>[] {
  const { profile } = outputs.ords;
  const further = furtherClient(outputs.ords, client);
  const grant = further ? "client_credentials" : grantFor(outputs);
  const expected = { ...profile, scopes: scopesAskedFor(outputs, grant, further) };
  const called = (title: string, probes: readonly Probe[]) => step(terminal, title, () => probe(url, probes));

  const keys = step(terminal, "fetch the keys of the domain", () => checkJwks(profile.jwkUrl));
  const decision = step(terminal, "ask the database what decides", () => decisionAbout(url, target, terminal));
  const obtaining = step(terminal, "get a token", () => obtained(outputs, { grant, client }, terminal));
  const without = called("call the API without a right to", withoutRight);
  const ifObtained = async (work: (token: Token) => Promise<Part>): Promise<Part> => {
    const { token } = await obtaining;
    return token ? work(token) : {};
  };
  const lacking = ifObtained(async () => {
    const { protection } = await decision;
    const { token, note } = await tokenLackingTheScope(outputs, protection, client, terminal);
    if (token === undefined) return { notes: note ? [note] : [] };
    return {
      checks: await called("call the API without the scope", [
        { how: "with a token that lacks the scope", token, expected: "401" },
      ]),
    };
  });
  const withToken = ifObtained(async ({ text }) => {
    const [tampered, valid] = await called("call the API with the token", [
      { how: "with a tampered token", token: tamper(text), expected: "401" },
      { how: "with the token", token: text, expected: "2xx" },
    ]);
    return { checks: [tampered!, valid!] };
  });
  const only = async (part: Promise<Part>, which: (part: Part) => Part) => which(await part);
  return [
    keys.then((check) => ({ checks: [check] })),
    obtaining.then(({ check }) => ({ checks: [check] })),
    ifObtained(async (token) => ({
      claims: claimsOf(token),
      checks: await checkToken(token, profile.jwkUrl, expected),
    })),
    ifObtained(async () => ({ checks: await without })),
    only(withToken, ({ checks = [] }) => ({ checks: checks.slice(0, 1) })),
    only(lacking, ({ checks }) => ({ checks })),
    only(withToken, ({ checks = [] }) => ({ checks: checks.slice(1) })),
    decision.then(({ text, protection }) => ({ notes: [text], protection })),
    only(lacking, ({ notes }) => ({ notes })),
    // Not shown where there is no token, but waited for.
    without.then(() => ({})),
  ];
}

const withoutRight: readonly Probe[] = [
  { how: "without a token", expected: "401" },
  { how: "with garbage for a token", token: "garbage", expected: "401" },
];

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
  terminal: Terminal,
): Promise<{ readonly check: Check; readonly token?: Token }> {
  const check = { what: `token by ${grant.replace("_", " ")}`, expected: "a token" };
  try {
    const { accessToken: token } = await accessToken(
      outputs,
      { grant, client, cache: grant === "authorization_code", unattended: !terminal.stdin.isTTY },
      terminal,
    );
    remember(token);
    return { check: { ...check, got: "a token", ok: true }, token: parseToken(token) };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return { check: { ...check, got: error.message, ok: false } };
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

function claimsOf({ raw: { claims } }: Token): Claim[] {
  return ["iss", "aud", "scope", "sub"].map((claim) => [claim, shownValue(claims[claim])] as const);
}

function claimLine([claim, value]: Claim): string {
  return `  ${claim.padEnd(5)} ${clean(value)}`;
}
