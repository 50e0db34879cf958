import type { AuthenticationDetailsProvider, DefaultRequestSigner, FetchHttpClient, HttpClient } from "oci-common";
import { HttpError, within } from "../../oauth/http";
import { clean } from "../terminal/clean";
import { common } from "./sdk";

/** A page of a list is far from it. */
const limits = { millis: 60_000, bytes: 20_000_000 };

/** Of what the service says of an error. */
const longestMessage = 2_000;

/**
 * Sends the SDK's requests: within a time, up to a size, and without following a redirect, as all that is sent here. Errors reach the
 * SDK in the form whose text it shows, also those of identity domains, which are SCIM's.
 */
export class LimitedHttpClient implements HttpClient {
  readonly #signer: DefaultRequestSigner;

  constructor(provider: AuthenticationDetailsProvider) {
    this.#signer = new (common().DefaultRequestSigner)(provider);
  }

  /** @throws HttpError */
  async send(...request: Parameters<FetchHttpClient["send"]>): Promise<Response> {
    const [{ uri }] = request;
    const response = await within(limits, uri, (options) =>
      new (common().FetchHttpClient)(this.#signer, null, options).send(...request),
    ).catch((error: unknown) => {
      // The SDK would ask for as much again.
      throw error instanceof HttpError && error.isTooLarge ? Object.assign(error, { shouldBeRetried: false }) : error;
    });
    if (response.ok) return response;
    const { status, statusText, headers } = response;
    return new Response(errorBody(await response.text()), { status, statusText: short(statusText), headers });
  }
}

function errorBody(body: string): string {
  try {
    const { code, detail, message = detail } = JSON.parse(body);
    if (typeof message !== "string") return "{}";
    return JSON.stringify({ code: typeof code === "string" ? short(code) : "None", message: short(message) });
  } catch {
    // Something between us and the service answered.
    return short(body);
  }
}

/** The SDK prints it, by the console: with many blanks in it, it looks for secrets in it for hours before. */
function short(text: string): string {
  return clean(text.slice(0, longestMessage).replace(/\s+/g, " ").trim());
}
