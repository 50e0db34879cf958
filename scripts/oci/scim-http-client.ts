import { type AuthenticationDetailsProvider, DefaultRequestSigner, FetchHttpClient } from "oci-common";

/** Sends the SDK's requests, and gives it the errors of identity domains, which are SCIM's, in the form whose text it shows. */
export class ScimHttpClient extends FetchHttpClient {
  constructor(provider: AuthenticationDetailsProvider) {
    super(new DefaultRequestSigner(provider));
  }

  override async send(...request: Parameters<FetchHttpClient["send"]>): Promise<Response> {
    const response = await super.send(...request);
    if (response.ok) return response;
    const body = await response.text();
    const { status, statusText, headers } = response;
    return new Response(withDetailAsMessage(body), { status, statusText, headers });
  }
}

function withDetailAsMessage(body: string): string {
  try {
    const { detail } = JSON.parse(body);
    return typeof detail === "string" ? JSON.stringify({ code: "None", message: detail }) : body;
  } catch {
    // Something between us and the domain answered.
    return body;
  }
}
