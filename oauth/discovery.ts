import { z } from "zod";
import { send } from "./http";
import { TokenError } from "./token-error";

const documentSchema = z.object({
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  end_session_endpoint: z.string().optional(),
  device_authorization_endpoint: z.string().optional(),
  /** RFC 9207: then an answer without `iss` is refused. */
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/** As the OAuth library takes them. */
export type Endpoints = z.output<typeof documentSchema> & { readonly issuer: string };

/** What is known of a domain without asking it. */
export interface KnownDomain {
  readonly domainUrl: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** What is registered, and what tokens are compared with. */
  readonly issuer: string;
}

/**
 * The endpoints of an identity domain, from its own discovery document.
 *
 * Only the endpoints: the document's `issuer` is the same for every domain and not where the document is, so it proves nothing.
 * And only those on the domain's own origin, or that are known: codes, tokens and the browser go there.
 * @throws TokenError when the domain does not answer with its document, or with endpoints elsewhere; HttpError
 */
export async function discover(domain: KnownDomain): Promise<Endpoints> {
  const url = `${domain.domainUrl}/.well-known/openid-configuration`;
  const response = await send(url);
  if (!response.ok) {
    throw new TokenError(
      `${url} answered ${response.status}, expected 200`,
      undefined,
      "the domain may be inactive: npx ords-jwt doctor",
    );
  }
  const { data, error } = documentSchema.safeParse(parsed(await response.text()));
  if (!data) {
    const [issue] = error.issues;
    const where = issue?.path.join(".") || "the document";
    throw new TokenError(`${url} did not answer with a discovery document: ${where}: ${issue?.message}`);
  }
  const known = [domain.authorizationEndpoint, domain.tokenEndpoint];
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === "string")
      requireOwn(`the discovery document of ${domain.domainUrl}`, name, value, { ...domain, known });
  }
  return { ...data, issuer: domain.issuer };
}

/** @throws TokenError when a URL is neither the domain's own nor known */
export function requireOwn(
  source: string,
  name: string,
  value: string,
  { domainUrl, known = [] }: { readonly domainUrl: string; readonly known?: readonly string[] },
): void {
  const { origin, protocol } = new URL(URL.canParse(value) ? value : "about:blank");
  if (protocol === "https:" && (origin === new URL(domainUrl).origin || known.includes(value))) return;
  throw new TokenError(
    `${source} names ${value} as its ${name}`,
    undefined,
    "only https URLs of the domain itself are used: find out who answers in its place",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
