import { postmanCallback } from "../config/words";
import { Failure } from "../errors";
import type { OrdsOutput } from "../ords/output";

/** Where Postman's own OAuth helper expects the browser to come back to. */

/** The client cannot be used from Postman. */
class PostmanError extends Failure {
  readonly code = "not-for-postman";
}

export interface PostmanFiles {
  readonly collection: object;
  readonly environment: object;
}

/**
 * A Postman collection (v2.1) and its environment: requests by client credentials and by authorization code with PKCE.
 * @param apiUrl the protected API
 * @param clientSecret left empty when undefined, for whoever imports the files to fill in
 * @throws PostmanError when the app does not list Postman's callback, or allows neither grant
 */
export function postmanFiles(ords: OrdsOutput, apiUrl: string, clientSecret?: string): PostmanFiles {
  const { client, clients, stack } = ords;
  if (!client.redirectUris.includes(postmanCallback)) {
    throw new PostmanError(
      `the app of stack ${stack} does not list Postman's callback (its redirect URLs: ${client.redirectUris.join(", ") || "none"}): add ${postmanCallback} to app.redirectUris and deploy`,
    );
  }
  const folders = [
    ...(client.grants.includes("client_credentials") ? [clientCredentials()] : []),
    ...(client.grants.includes("authorization_code") ? [authorizationCode()] : []),
  ];
  if (folders.length === 0) {
    throw new PostmanError(
      `the app of stack ${stack} allows neither client_credentials nor authorization_code: add one to app.grants and deploy`,
    );
  }
  const values = {
    domain_url: client.domainUrl,
    authorization_url: client.authorizationEndpoint,
    token_url: client.tokenEndpoint,
    client_id: client.clientId,
    scope: client.scopes.join(" "),
    api_url: apiUrl,
    // To put in place of client_id, for whoever tries another client.
    ...Object.fromEntries(Object.entries(clients ?? {}).map(([key, { clientId }]) => [`client_id_${key}`, clientId])),
  };
  return {
    collection: {
      info: {
        name: `ORDS with OCI tokens (${stack})`,
        schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
      },
      item: folders,
    },
    environment: {
      name: `ords-jwt ${stack}`,
      values: [
        ...Object.entries(values).map(([key, value]) => ({ key, value, type: "default", enabled: true })),
        // Postman masks values of this type.
        { key: "client_secret", value: clientSecret ?? "", type: "secret", enabled: true },
        { key: "access_token", value: "", type: "secret", enabled: true },
      ],
    },
  };
}

function clientCredentials() {
  const credentials = { username: "{{client_id}}", password: "{{client_secret}}" };
  const form = { grant_type: "client_credentials", scope: "{{scope}}" };
  return {
    name: "Client credentials",
    item: [
      {
        name: "Get a token",
        event: test(
          'pm.test("the domain gives a token", () => pm.response.to.have.status(200));',
          'pm.environment.set("access_token", pm.response.json().access_token);',
        ),
        request: {
          method: "POST",
          auth: { type: "basic", basic: members(credentials) },
          body: { mode: "urlencoded", urlencoded: members(form).map(({ key, value }) => ({ key, value })) },
          url: "{{token_url}}",
        },
      },
      protectedRequest("With the token", { type: "bearer", bearer: members({ token: "{{access_token}}" }) }, 200),
      protectedRequest("Without a token", { type: "noauth" }, 401),
    ],
  };
}

/** Postman gets this token itself, in its own browser window: Authorization > Get New Access Token. */
function authorizationCode() {
  const settings = {
    grant_type: "authorization_code_with_pkce",
    authUrl: "{{authorization_url}}",
    accessTokenUrl: "{{token_url}}",
    redirect_uri: postmanCallback,
    clientId: "{{client_id}}",
    clientSecret: "{{client_secret}}",
    scope: "{{scope}}",
    challengeAlgorithm: "S256",
    // "Send as Basic Auth header"
    client_authentication: "header",
    addTokenTo: "header",
    tokenName: "ORDS",
  };
  return {
    name: "Authorization code with PKCE",
    item: [
      protectedRequest(
        "As the user who signs in (needs a person)",
        { type: "oauth2", oauth2: members(settings) },
        200,
        "Needs a person: Postman gets the token when you choose Authorization > Get New Access Token and sign in. newman has no browser, so there this one request gets 401 and fails; every other one runs by itself.",
      ),
      protectedRequest("Without a token", { type: "noauth" }, 401),
    ],
  };
}

function protectedRequest(name: string, auth: object, status: number, description?: string) {
  return {
    name,
    event: test(`pm.test("ORDS answers ${status}", () => pm.response.to.have.status(${status}));`),
    request: {
      method: "GET",
      auth,
      header: [{ key: "Accept", value: "application/json" }],
      url: "{{api_url}}",
      ...(description !== undefined && { description }),
    },
  };
}

function test(...exec: string[]) {
  return [{ listen: "test", script: { type: "text/javascript", exec } }];
}

/** Postman writes objects as lists. */
function members(object: Record<string, string>) {
  return Object.entries(object).map(([key, value]) => ({ key, value, type: "string" }));
}
