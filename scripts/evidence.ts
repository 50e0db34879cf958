import { text } from "node:stream/consumers";
import type { Environment } from "../config/environment";
import type { Evidence } from "../doctor/cause";
import { decode } from "../oauth/decode";
import { readJwks } from "../oauth/jwks";
import { TokenError } from "../oauth/token-error";
import { callApi } from "../oauth/verify";
import { installedVersion, whyTooOld } from "../ords/database/installed-version";
import { readActual } from "../ords/database/read";
import { protectionOf } from "../ords/plan/protection";
import { accessToken } from "./access-token";
import { withConnection } from "./database";
import { Oci, ociMessage } from "./oci/client";
import { describe } from "./terminal/failure";
import type { Terminal } from "./terminal/terminal";
import type { StackOutputs } from "./terraform/outputs";

/** A part of the system that could not be looked at, and why. */
interface Unseen {
  readonly part: string;
  readonly reason: string;
}

export interface Seen extends Evidence {
  /** The token itself, for a last call of the API. */
  readonly bearer?: string;
  readonly unseen: readonly Unseen[];
}

/** Where to look. */
export interface Place {
  readonly target: Environment;
  readonly outputs: StackOutputs;
  /** The protected API. */
  readonly url: string | undefined;
  /** The token is on standard input. */
  readonly given: boolean;
  readonly terminal: Terminal;
}

type Part = Partial<Seen>;

/** Looks at everything that can be reached; changes nothing. */
export async function gather(place: Place): Promise<Seen> {
  const { ords } = place.outputs;
  // First, since a token that is no token is a wrong call, not something that cannot be seen.
  const given = place.given ? (await text(place.terminal.stdin)).trim() : undefined;
  if (given !== undefined) await decode(given);
  const [oci, jwks, schema, gateway] = await Promise.all([
    look("the domain and the app in OCI", () => lookAtOci(place)),
    lookAtJwks(ords.profile.jwkUrl),
    look(`schema ${ords.schema}`, () => lookAtSchema(place)),
    look("the gateway's clock", () => lookAtClock(place.url)),
  ]);
  const keys = typeof jwks.jwks === "object" && jwks.jwks.status === 200 && jwks.jwks.keys;
  const token = await look("a token", () => lookAtToken(place, given, Boolean(keys)));
  const parts = [oci, jwks, schema, gateway, token];
  const unseen = parts.flatMap((part) => part.unseen ?? []);
  // Now, after the token was issued, by the clock that will judge it.
  const now = Date.now() / 1000 + (gateway.ahead ?? 0);
  return Object.assign({ ords, now }, ...parts, { unseen });
}

/** What cannot be reached is no error here: it is named as not seen. */
async function look(part: string, at: () => Promise<Part>): Promise<Part> {
  try {
    return await at();
  } catch (error) {
    return { unseen: [{ part, reason: describe(error) }] };
  }
}

async function lookAtOci({ target, outputs, terminal }: Place): Promise<Part> {
  const oci = new Oci({ region: target.region, ...target.authentication }, (line) => terminal.log(line));
  const { domainUrl, clientId } = outputs.ords.client;
  const { domain, existingDomain } = target;
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

function lookAtSchema({ target, outputs, url, terminal }: Place): Promise<Part> {
  return withConnection(target, terminal, async (connection) => {
    const ordsVersion = await installedVersion(connection);
    // What an old version does not have cannot be read; that it is old is what matters.
    if (whyTooOld(ordsVersion)) return { ordsVersion };
    const schema = await readActual(connection, outputs.ords.schema);
    return { ordsVersion, schema, protection: url === undefined ? undefined : protectionOf(url, schema) };
  });
}

async function lookAtClock(url: string | undefined): Promise<Part> {
  if (!url) throw new Error("no API is named: give --url, or set apiUrl in the environment file");
  const response = await callApi(url);
  await response.body?.cancel();
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(date)) throw new Error(`${url} answered without a Date header`);
  const ahead = Math.round((date - Date.now()) / 1000);
  // The header counts whole seconds and servers make it once a second: so small a difference is none.
  return { ahead: Math.abs(ahead) < 2 ? 0 : ahead };
}

async function lookAtToken({ outputs, terminal }: Place, given: string | undefined, verified: boolean): Promise<Part> {
  const { client, profile } = outputs.ords;
  const jwkUrl = verified ? profile.jwkUrl : undefined;
  if (given !== undefined) return { bearer: given, token: await decode(given, jwkUrl) };
  if (!client.grants.includes("client_credentials") || !outputs.clientSecret) {
    throw new Error("the client may not use client credentials: pass one with --token -");
  }
  try {
    const tokens = await accessToken(outputs, { grant: "client_credentials", cache: false }, terminal);
    return { bearer: tokens.accessToken, token: await decode(tokens.accessToken, jwkUrl) };
  } catch (error) {
    if (error instanceof TokenError) return { refused: error };
    throw error;
  }
}
