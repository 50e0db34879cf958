import { Construct } from "constructs";
import type { Grant } from "../config/words";
import { type AppProps, appResource } from "./app-resource";
import { onlyScopesOf } from "./client-scopes";
import type { IConfidentialApp } from "./confidential-app";
import { requireClient } from "./rules";

export interface ClientAppProps extends AppProps {
  /** The app whose scopes the client may ask for. */
  readonly api: IConfidentialApp;
  /** Which of its scopes, without the audience. At least one. */
  readonly scopes: readonly string[];
  /** A public client has no secret: single-page and mobile apps. A change replaces the app. @default false */
  readonly public?: boolean;
}

/** An OAuth client beside the API app, allowed some of its scopes and nothing else. */
export class ClientApp extends Construct {
  readonly appId: string;
  readonly idcsEndpoint: string;
  readonly clientId: string;
  /** undefined for a public client. Not marked sensitive by the provider: whoever passes it on has to. */
  readonly clientSecret: string | undefined;
  readonly isPublic: boolean;
  readonly grants: readonly Grant[];
  readonly redirectUris: readonly string[];
  /** Without the audience. */
  readonly scopes: readonly string[];

  constructor(scope: Construct, id: string, props: ClientAppProps) {
    super(scope, id);
    requireClient(props);
    if (props.scopes.length === 0) {
      throw new Error(`client "${props.displayName}" is allowed no scope: name those of the API that it needs`);
    }
    const app = appResource(this, props, onlyScopesOf(props.api, props.scopes));
    this.appId = app.id;
    this.idcsEndpoint = props.domain.url;
    this.clientId = app.name;
    this.isPublic = props.public ?? false;
    this.clientSecret = this.isPublic ? undefined : app.clientSecret;
    this.grants = props.grants;
    this.redirectUris = props.redirectUris ?? [];
    this.scopes = props.scopes;
  }
}
