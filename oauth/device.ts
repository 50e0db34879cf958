import { setTimeout as wait } from "node:timers/promises";
import type { DeviceAuthorizationResponse } from "oauth4webapi";
import { Failure } from "../errors";
import { type AuthorizationRequest, authenticationOf, scopeOf, secretsIn } from "./authorization-code";
import { requireOwn } from "./discovery";
import { HttpError, send } from "./http";
import { oauth } from "./libraries";
import { asTokenError, TokenError } from "./token-error";
import { type TokenSet, tokenSet } from "./token-set";

/** Seconds between two questions where the domain names none, and those that `slow_down` adds (RFC 8628). */
const seconds = { between: 5, slower: 5 };

export interface DeviceSignIn extends Omit<AuthorizationRequest, "redirectUri"> {
  readonly domainUrl: string;
  readonly timeoutSeconds: number;
  /** Tells a person what to do. */
  readonly show: (code: DeviceCode) => void;
}

/** What a person needs to sign in on another device. */
export interface DeviceCode {
  /** To be typed in on the page; printable ASCII. */
  readonly userCode: string;
  /** A page of the domain. */
  readonly page: URL;
  /** The same page with the code filled in, where the domain has one. */
  readonly pageWithCode: URL | undefined;
  /** Seconds that the code is good for. */
  readonly expiresIn: number;
}

/** Nobody typed in the code in time. */
class CodeNotUsedError extends Failure {
  readonly code = "no-sign-in";
}

/**
 * An access token for a person who signs in on another device (RFC 8628).
 * @throws TokenError when the domain refuses or the person does, CodeNotUsedError when nobody decides in time
 */
export async function signInWithCode(request: DeviceSignIn): Promise<TokenSet> {
  const began = Date.now();
  const asked = await askForCode(request);
  request.show(shownCode(asked, request.domainUrl));
  const within = Math.min(request.timeoutSeconds, asked.expires_in);
  const ends = began + within * 1000;
  let between = Math.max(1, asked.interval ?? seconds.between);
  let trouble = "";
  for (;;) {
    const left = ends - Date.now();
    if (left <= 0)
      throw new CodeNotUsedError(`nobody used the code within ${within} s: run the command again${trouble}`);
    await wait(Math.min(between * 1000, left));
    const answer = await poll(request, asked.device_code, ends - Date.now());
    if (typeof answer !== "string") return answer;
    if (answer === "slow_down") between += seconds.slower;
    else if (answer !== "authorization_pending") {
      // RFC 8628 asks for more and more time when nobody answers.
      between *= 2;
      trouble = `; when it was last asked, ${answer}`;
    }
  }
}

async function askForCode(request: DeviceSignIn): Promise<DeviceAuthorizationResponse> {
  const client = { client_id: request.clientId };
  const { customFetch, deviceAuthorizationRequest, None, processDeviceAuthorizationResponse } = oauth();
  const scope = scopeOf(request);
  // Oracle names the endpoint in its manual, not in its discovery document; it takes no secret.
  const server = { device_authorization_endpoint: `${request.domainUrl}/oauth2/v1/device`, ...request.server };
  try {
    const parameters = { response_type: "device_code", scope };
    const response = await deviceAuthorizationRequest(server, client, None(), parameters, { [customFetch]: send });
    return await processDeviceAuthorizationResponse(server, client, response);
  } catch (error) {
    throw asTokenError(error, `client ${request.clientId} a code for ${scope}`, []);
  }
}

/** Tokens, `authorization_pending`, `slow_down`, or why it cannot be told yet. */
async function poll(request: DeviceSignIn, deviceCode: string, left: number): Promise<TokenSet | string> {
  const { server, clientId } = request;
  const client = { client_id: clientId };
  const { customFetch, deviceCodeGrantRequest, processDeviceCodeResponse } = oauth();
  const { OperationProcessingError, ResponseBodyError } = oauth();
  try {
    const response = await deviceCodeGrantRequest(server, client, authenticationOf(request), deviceCode, {
      // A domain may hold back its answer until the person has decided: to hang up could lose the token.
      [customFetch]: (url: string, init: RequestInit) => send(url, init, Math.max(left, 10_000)),
    });
    return tokenSet(await processDeviceCodeResponse(server, client, response), clientId);
  } catch (error) {
    if (error instanceof HttpError && !error.isTooLarge) return error.message;
    if (error instanceof ResponseBodyError && ["authorization_pending", "slow_down"].includes(error.error)) {
      return error.error;
    }
    // What Oracle answers before the person has decided is not documented: a 400 that gives no reason is none to give up.
    if (error instanceof OperationProcessingError && error.cause instanceof Response && error.cause.status === 400) {
      return "the domain answered 400 without an OAuth error";
    }
    throw asTokenError(error, `a token for ${request.scopes.join(" ")}`, secretsIn(request, deviceCode));
  }
}

function shownCode(asked: DeviceAuthorizationResponse, domainUrl: string): DeviceCode {
  const { user_code: userCode, verification_uri_complete: complete, expires_in: expiresIn } = asked;
  if (!/^[\x20-\x7e]{1,64}$/.test(userCode)) {
    throw new TokenError(
      `the device response of ${domainUrl} is wrong: user_code: expected 1 to 64 printable characters`,
    );
  }
  const page = (name: string, text: string) => {
    // Oracle's example has plain http: nobody is to type a password there.
    const url = text.replace(/^http:/i, "https:");
    requireOwn(`the device response of ${domainUrl}`, name, url, { domainUrl });
    return new URL(url);
  };
  return {
    userCode,
    page: page("verification_uri", asked.verification_uri),
    pageWithCode: complete === undefined ? undefined : page("verification_uri_complete", complete),
    expiresIn,
  };
}
