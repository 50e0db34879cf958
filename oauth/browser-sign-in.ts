import { type AuthorizationRequest, authorize } from "./authorization-code";
import { CallbackListener } from "./callback-listener";
import { failedPage, signedInPage } from "./pages";
import { parseToken, type Token } from "./token";
import { TokenError } from "./token-error";
import type { TokenSet } from "./token-set";

export interface BrowserSignIn extends Omit<AuthorizationRequest, "redirectUri"> {
  /** Loopback URLs that the domain knows for this client. */
  readonly redirectUris: readonly string[];
  readonly timeoutSeconds: number;
  /** Brings a person to this URL. */
  readonly open: (url: URL) => Promise<void>;
  /** Something that the person should know about the user who signed in. */
  readonly noteOn: (token: Token) => string | undefined;
}

/**
 * An access token by signing in with the browser.
 * @throws TokenError when the domain refuses, CallbackError when nobody comes back
 */
export async function signInWithBrowser(request: BrowserSignIn): Promise<TokenSet> {
  const listener = await CallbackListener.open(request.redirectUris);
  try {
    const authorization = await authorize({ ...request, redirectUri: listener.redirectUri });
    const outcome: { tokens?: TokenSet; error?: Error } = {};
    const answered = listener.receive(authorization.state, request.timeoutSeconds, async (callback) => {
      try {
        const tokens = await authorization.finish(callback);
        outcome.tokens = tokens;
        const token = parseToken(tokens.accessToken);
        return landing(token, request.noteOn(token));
      } catch (error) {
        outcome.error = error as Error;
        return failure(error as Error);
      }
    });
    await Promise.all([answered, request.open(authorization.url)]);
    if (!outcome.tokens) throw outcome.error;
    return outcome.tokens;
  } finally {
    listener.close();
  }
}

function landing({ claims }: Token, note: string | undefined) {
  const { sub = "(nobody)", aud = "(none)", scope = "", exp = 0 } = claims;
  return signedInPage({
    user: sub,
    audience: [aud].flat().join(", "),
    scopes: scope.split(" "),
    expires: new Date(exp * 1000),
    note,
  });
}

function failure(error: Error) {
  if (!(error instanceof TokenError) || !error.remedy) {
    return failedPage(error.message, "Run the command again; the terminal may say more.");
  }
  return failedPage(error.what, error.remedy);
}
