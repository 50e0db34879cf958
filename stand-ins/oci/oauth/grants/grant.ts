import type { App } from "../../scim/types";
import type { OAuthDomain } from "../domain";

export interface TokenReply {
  access_token: string;
  token_type: "Bearer";
  /** Seconds. */
  expires_in: number;
  refresh_token?: string;
  id_token?: string;
}

/** Answers one grant type for an authenticated client. */
export type Grant = (domain: OAuthDomain, client: App, form: URLSearchParams) => Promise<TokenReply>;
