import { Construct } from "constructs";
import type { Grant } from "../config/words";
import { type AppProps, appResource } from "./app-resource";
import { onlyScopesOf } from "./client-scopes";
import type { IConfidentialApp } from "./confidential-app";

/** Where a tool on the developer's machine listens: fixed, since the domain compares redirect URIs exactly, ports included. */
const defaultPorts = [53682, 53683, 53684];

export interface DeveloperClientProps extends Pick<AppProps, "domain" | "displayName" | "tags" | "importFrom"> {
  /** The app whose scopes may be asked for. */
  readonly api: IConfidentialApp;
  /** Which of its scopes, without the audience. */
  readonly scopes: readonly string[];
  /** Lets the client get refresh tokens; the API's app has to allow them too. @default false */
  readonly allowTokenRefresh?: boolean;
  /** Loopback ports of which one is free on a developer's machine. @default [53682, 53683, 53684] */
  readonly ports?: readonly number[];
  /** Lets people at a machine without a browser sign in by a code that they type in elsewhere (RFC 8628). @default false */
  readonly allowDeviceCode?: boolean;
}

/**
 * A public client for people at their own machine, with redirect URIs on the loopback address.
 *
 * They are plain http, for which the domain has to be told to take any URL of this client: hence an app of its own, and none
 * unless the environment asks for it.
 */
export class DeveloperClient extends Construct {
  readonly appId: string;
  readonly idcsEndpoint: string;
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  /** Without the audience. */
  readonly scopes: readonly string[];
  readonly grants: readonly Grant[];

  constructor(scope: Construct, id: string, props: DeveloperClientProps) {
    super(scope, id);
    const ports = props.ports ?? defaultPorts;
    const wrong = ports.find((port) => !Number.isInteger(port) || port < 1024 || port > 65535);
    if (ports.length === 0 || wrong !== undefined) {
      throw new Error(`a developer client needs ports from 1024 to 65535 (received ${ports.join(", ") || "none"})`);
    }
    this.redirectUris = ports.map((port) => `http://127.0.0.1:${port}/callback`);
    this.grants = [
      "authorization_code",
      ...(props.allowDeviceCode ? (["device_code"] as const) : []),
      ...(props.allowTokenRefresh ? (["refresh_token"] as const) : []),
    ];
    const app = appResource(
      this,
      { ...props, public: true, grants: this.grants, redirectUris: this.redirectUris },
      { ...onlyScopesOf(props.api, props.scopes), allUrlSchemesAllowed: true },
    );
    this.appId = app.id;
    this.idcsEndpoint = props.domain.url;
    this.clientId = app.name;
    this.scopes = props.scopes;
  }
}
