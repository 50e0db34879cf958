import type { Environment } from "../config/environment";
import { environment } from "../config/environments";
import type { Evidence } from "../doctor/cause";
import { clockDifference } from "../doctor/clock";
import { HttpError } from "../oauth/http";
import { readJwks } from "../oauth/jwks";
import { type ApiAnswer, callApi, patienceEnds, settledAnswer } from "../oauth/protected-resource";
import { checkSignature } from "../oauth/signature";
import { parseToken, type Token } from "../oauth/token";
import { TokenError } from "../oauth/token-error";
import { readActual, readLogin } from "../ords/database/read";
import { protectionOf } from "../ords/plan/protection";
import { whyTooOld } from "../ords/version";
import { accessToken } from "./access-token";
import { withConnection } from "./database";
import { Oci, ociMessage } from "./oci/client";
import { describe } from "./terminal/failure";
import { step } from "./terminal/progress";
import { remember } from "./terminal/secrets";
import type { Terminal } from "./terminal/terminal";
import type { StackOutputs } from "./terraform/outputs";
import { readStream } from "./text-file";

/** A part of the system that could not be looked at, and why. */
interface Unseen {
  readonly part: string;
  readonly reason: string;
}

export interface GatheredEvidence extends Evidence {
  readonly unseen: readonly Unseen[];
}

/** What is to be diagnosed, and with what. */
export interface DiagnosisRequest {
  readonly target: Environment;
  readonly outputs: StackOutputs;
  /** The protected API. */
  readonly url: string | undefined;
  /** The token is on standard input. */
  readonly given: boolean;
  readonly terminal: Terminal;
}

type Part = Partial<GatheredEvidence>;

/** Looks at everything that can be reached; changes nothing. */
export async function gather(request: DiagnosisRequest): Promise<GatheredEvidence> {
  const { ords } = request.outputs;
  // First, since a text that is not a token is a wrong call, not something that cannot be seen.
  const given = request.given
    ? parseToken(await readStream(request.terminal.stdin, "the token from standard input"))
    : undefined;
  const { terminal, url } = request;
  const [oci, jwks, schema, api, obtained] = await Promise.all([
    look(terminal, "the domain and the app in OCI", () => lookAtOci(request)),
    step(terminal, "look at the JWK URL", () => lookAtJwks(ords.profile.jwkUrl)),
    look(terminal, `schema ${ords.schema}`, () => lookAtSchema(request)),
    look(terminal, "the gateway's clock", () => lookAtApi(url)),
    look(terminal, "a token", () => lookAtToken(request, given)),
  ]);
  const keys = typeof jwks.jwks === "object" && jwks.jwks.status === 200 && jwks.jwks.keys;
  const signature = await look(terminal, "the token's signature", () =>
    lookAtSignature(obtained, keys ? ords.profile.jwkUrl : undefined),
  );
  const called = await look(terminal, "the API with the token", () => callWithToken(api, obtained.token));
  const parts = [oci, jwks, schema, api, obtained, signature, called];
  const unseen = parts.flatMap((part) => part.unseen ?? []);
  // Now, after the token was issued, by the clock that will judge it.
  const now = Date.now() / 1000 + (api.ahead ?? 0);
  return Object.assign({ ords, now }, ...parts, { unseen });
}

/** The same, after ORDS had time to see what has just been changed. */
export async function settled(seen: GatheredEvidence): Promise<GatheredEvidence> {
  if (typeof seen.api !== "object") return seen;
  const { url, ...first } = seen.api;
  const until = patienceEnds();
  const withoutToken = await settledAnswer(url, { expected: "401" }, until, first.withoutToken);
  const withToken =
    seen.token && (await settledAnswer(url, { token: seen.token.text, expected: "2xx" }, until, first.withToken));
  return { ...seen, api: { url, withoutToken, withToken, isSettled: true } };
}

/** What cannot be reached is not an error here: it is named as not seen. */
async function look(terminal: Terminal, part: string, at: () => Promise<Part>): Promise<Part> {
  try {
    return await step(terminal, `look at ${part}`, at);
  } catch (error) {
    return { unseen: [{ part, reason: describe(error) }] };
  }
}

async function lookAtOci({ target, outputs, terminal }: DiagnosisRequest): Promise<Part> {
  const oci = new Oci({ region: target.region, ...target.authentication }, (line) => terminal.log(line));
  const { domainUrl, clientId } = outputs.ords.client;
  const { existingDomain } = target;
  const owner = existingDomain?.environment;
  const { domain } = owner === undefined ? target : environment(owner);
  const state = await stateOf().catch((error: unknown) => {
    throw new Error(ociMessage(error, domain && { verb: "read", compartmentOcid: domain.compartmentOcid }));
  });
  const isKnown = domain !== undefined || existingDomain?.domainOcid !== undefined;
  const seen = isKnown ? { domain: { state: state ?? null } } : {};
  // A domain that is not active answers nothing.
  if (isKnown && state !== "ACTIVE") return seen;
  return { ...seen, app: (await oci.app(domainUrl, clientId)) ?? null };

  async function stateOf(): Promise<string | undefined> {
    if (existingDomain?.domainOcid) return oci.domainState(existingDomain.domainOcid);
    return domain && oci.domainStateByUrl(domain.compartmentOcid, domainUrl);
  }
}

async function lookAtJwks(url: string): Promise<Part> {
  try {
    return { jwks: await readJwks(url) };
  } catch (error) {
    return { jwks: describe(error) };
  }
}

function lookAtSchema({ target, outputs, url, terminal }: DiagnosisRequest): Promise<Part> {
  return withConnection(target, terminal, async (connection) => {
    const login = await readLogin(connection);
    const { ordsVersion } = login;
    // What an old version does not have cannot be read; that it is old is what matters.
    if (whyTooOld(ordsVersion)) return { ordsVersion };
    const schema = await readActual(connection, outputs.ords.schema, login);
    if (url === undefined) return { ordsVersion, schema };
    const protection = protectionOf(url, schema);
    if (!("reason" in protection)) return { ordsVersion, schema, protection };
    return { ordsVersion, schema, unseen: [{ part: `what protects ${url}`, reason: protection.reason }] };
  });
}

async function lookAtApi(url: string | undefined): Promise<Part> {
  if (!url) throw new Error("no API is named: give --url, or set apiUrl in the environment file");
  const withoutToken = await answerOrReason(url);
  if (typeof withoutToken === "string") return { api: withoutToken };
  const ahead = clockDifference(withoutToken);
  const seen = { api: { url, withoutToken, isSettled: false }, ahead };
  const unseen = { part: "the gateway's clock", reason: `${url} answered without a Date header` };
  return ahead === undefined ? { ...seen, unseen: [unseen] } : seen;
}

/** The answer, or why there is none. */
async function answerOrReason(url: string, token?: string): Promise<ApiAnswer | string> {
  try {
    return await callApi(url, token);
  } catch (error) {
    if (error instanceof HttpError) return error.message;
    throw error;
  }
}

async function callWithToken({ api }: Part, token: Token | undefined): Promise<Part> {
  if (typeof api !== "object" || !token) return {};
  const withToken = await answerOrReason(api.url, token.text);
  return { api: typeof withToken === "string" ? withToken : { ...api, withToken } };
}

async function lookAtToken({ outputs, terminal }: DiagnosisRequest, given: Token | undefined): Promise<Part> {
  const { client } = outputs.ords;
  if (given) return known(given);
  if (!client.grants.includes("client_credentials") || !outputs.clientSecret) {
    throw new Error("the client may not use client credentials: pass one with --token -");
  }
  try {
    const tokens = await accessToken(outputs, { grant: "client_credentials", cache: false }, terminal);
    return known(parseToken(tokens.accessToken));
  } catch (error) {
    if (error instanceof TokenError) return { refused: error };
    throw error;
  }
}

function known(token: Token): Part {
  remember(token.text);
  return { token };
}

/** @param jwkUrl undefined where there are no keys to check it with */
async function lookAtSignature({ token }: Part, jwkUrl: string | undefined): Promise<Part> {
  if (!token) return {};
  return { signature: jwkUrl === undefined ? "not checked" : await checkSignature(token, jwkUrl) };
}
