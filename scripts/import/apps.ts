import { clientBesideTheApi } from "../../config/app";
import type { EnvironmentInput } from "../../config/environment";
import { uriProblem } from "../../config/uris";
import { deviceCodeGrant, type Grant, grantNames, maxDisplayName } from "../../config/words";
import { PlanError } from "../../ords/plan/refusals";
import type { Found, FoundApp } from "./found";
import { Keys } from "./keys";
import { type Notes, quoted } from "./notes";
import { ownerOf } from "./people";
import { unmanagedAttributes } from "./unmanaged";

type App = EnvironmentInput["app"];
type Client = NonNullable<EnvironmentInput["clients"]>[string];
/** What every client of the file says. */
type Common = Pick<
  App,
  | "displayName"
  | "description"
  | "grants"
  | "redirectUris"
  | "postLogoutRedirectUris"
  | "logoutUri"
  | "bypassConsent"
  | "showInMyApps"
  | "active"
>;

const templates = { confidential: "CustomWebAppTemplateId", public: "CustomBrowserMobileTemplateId" };
/** What the provider declares where the file says nothing. */
const expiry = { access: 3600, refresh: 604_800 };

/** @throws PlanError for an app that the file's could only replace or would not protect anything */
export function requireImportable({ app }: Found): void {
  const name = `app ${quoted(app.displayName)}`;
  if (app.basedOnTemplate.value !== templates.confidential) {
    throw new PlanError(
      `${name} is made from the template ${quoted(app.basedOnTemplate.value)}, and an API's app is a confidential application (${templates.confidential}): a deploy would replace it; name the app that has the scopes, or make such a one`,
    );
  }
  if (!app.isOAuthResource || app.audience === undefined || app.scopes.length === 0) {
    throw new PlanError(
      `${name} has no primary audience or no scope, so it protects no API: name the resource server (clients that may ask for its scopes are found by themselves)`,
    );
  }
  if (app.displayName.length > maxDisplayName) {
    throw new PlanError(`${name} has a name of more than ${maxDisplayName} characters: shorten it in the console`);
  }
}

/** The app's own entries, but for scopes and grants to people. */
export function sayApp({ app, settings }: Found, audience: string, notes: Notes): Omit<App, "scopes"> {
  const name = `app ${quoted(app.displayName)}`;
  const change = (what: string, means: string, todo?: string) => notes.add("changes", `${name} ${what}`, means, todo);
  if (app.clientType !== "confidential") {
    change(`is of client type ${quoted(app.clientType ?? "none")}`, "the first deploy makes it confidential");
  }
  const { specific, others } = scopesAskedFor(app, app);
  if (app.trustScope !== "Explicit" && app.trustScope !== "Account") {
    change(
      `may ask for scopes by ${quoted(app.trustScope ?? "the domain's default")}`,
      "the file knows Specific and All; it says Specific: the first deploy lets it ask for its own scopes and for no others",
      'set issuancePolicy to "All" if it needs those of other apps',
    );
  } else if (app.trustScope === "Explicit") {
    if (others.length > 0) {
      change(
        `may ask for scopes of other apps: ${others.map(quoted).join(", ")}`,
        "the first deploy takes that away: with Specific an app of the file asks for its own scopes alone",
        'set issuancePolicy to "All", or give these scopes to a client of their own',
      );
    }
    const missing = app.scopes.filter(({ value }) => !specific.includes(value));
    if (missing.length > 0) {
      const names = missing.map(({ value }) => quoted(value)).join(", ");
      change(
        `may not ask for its own scopes ${names}`,
        "the first deploy lets it: an app of the file may ask for all of its own",
      );
    }
  }
  if (settings.accountAlwaysTrustScope) {
    notes.add(
      "stays",
      "the domain lets every client ask for every scope (accountAlwaysTrustScope)",
      "it stays so, whatever the apps say",
    );
  }
  if (app.secondaryAudiences.length > 0) {
    notes.add(
      "stays",
      `${name} has secondary audiences ${app.secondaryAudiences.map(quoted).join(", ")}`,
      "they stay; tokens then carry a list in `aud`, and whether ORDS takes one is not documented",
      "remove them in the console if calls answer 401",
    );
  }
  const lifetimes = ([what, seconds]: readonly [string, number | undefined], least: number) => {
    if (seconds === undefined) return undefined;
    if (Number.isInteger(seconds) && seconds >= 60 && seconds <= 31_536_000) return seconds;
    change(`has ${what} of ${seconds} seconds`, `60 to 31536000 can be declared: the first deploy makes it ${least}`);
    return undefined;
  };
  const access = lifetimes(["access tokens", app.accessTokenExpiry], expiry.access);
  const refresh = lifetimes(["refresh tokens", app.refreshTokenExpiry], expiry.refresh);
  noteUnmanaged(app, notes);
  return {
    ...sayCommon(app, change),
    audience,
    ...(access !== undefined && access !== expiry.access && { accessTokenExpirySeconds: access }),
    ...(app.allowOffline && { allowTokenRefresh: true }),
    ...(refresh !== undefined && refresh !== expiry.refresh && { refreshTokenExpirySeconds: refresh }),
    ...(app.trustScope === "Account" && { issuancePolicy: "All" as const }),
    ...(app.allowAccessControl && { enforceGrants: true }),
  };
}

export interface Clients {
  readonly clients: Record<string, Client>;
  readonly developerClient: EnvironmentInput["developerClient"];
  readonly ids: { readonly clients: Record<string, string>; readonly developerClient?: string };
  readonly found: readonly FoundApp[];
}

/** Further clients: each is written down as it is, or not at all. */
export function sayClients({ app, clients }: Found, scopes: readonly string[], stack: string, notes: Notes): Clients {
  const keys = new Keys();
  const said: Record<string, Client> = {};
  const ids: { clients: Record<string, string>; developerClient?: string } = { clients: {} };
  const found: FoundApp[] = [];
  let developerClient: EnvironmentInput["developerClient"];
  for (const client of clients) {
    const developers = sayDeveloperClient(client, app, scopes);
    const reasons: string[] = [];
    const owner = ownerOf(client, stack);
    if (owner !== undefined) reasons.push(`stack ${owner} owns it`);
    if (client.displayName.length > maxDisplayName) reasons.push(`its name has more than ${maxDisplayName} characters`);
    if (developers && developerClient === undefined && reasons.length === 0) {
      developerClient = developers;
      ids.developerClient = client.id;
      found.push(client);
      continue;
    }
    const isPublic = client.basedOnTemplate.value === templates.public;
    const type = isPublic ? "public" : "confidential";
    if (client.basedOnTemplate.value !== templates[type] || client.clientType !== type) {
      reasons.push(
        `it is made from ${quoted(client.basedOnTemplate.value)}, as ${quoted(client.clientType ?? "none")}`,
      );
    }
    if (client.trustScope !== "Explicit")
      reasons.push(`it may ask for scopes by ${quoted(client.trustScope ?? "default")}`);
    const { specific, others } = scopesAskedFor(client, app);
    const unknown = specific.filter((scope) => !scopes.includes(scope));
    if (others.length > 0) reasons.push(`it may ask for scopes of other apps, ${others.map(quoted).join(", ")}`);
    if (unknown.length > 0)
      reasons.push(`it may ask for ${unknown.map(quoted).join(", ")}, which the file does not say`);
    if (client.isOAuthResource) reasons.push("it has scopes of its own");
    const common = sayCommon(client, (what) => reasons.push(`it ${what}`));
    if (isPublic && common.grants.includes("client_credentials"))
      reasons.push("it is public and has client credentials");
    const entry = { ...common, ...(isPublic && { public: true }), scopes: specific };
    reasons.push(...(clientBesideTheApi.safeParse(entry).error?.issues ?? []).map(({ message }) => message));
    if (reasons.length > 0) {
      notes.add(
        "stays",
        `client ${quoted(client.displayName)} is not written down: ${reasons.join("; ")}`,
        "it stays as it is, and may go on asking for what it may ask for now",
      );
      continue;
    }
    const key = keys.of(client.displayName, "client");
    said[key] = entry;
    ids.clients[key] = client.id;
    found.push(client);
    noteUnmanaged(client, notes);
  }
  return { clients: said, developerClient, ids, found };
}

/** The client that an environment's own would be: only such a one becomes it. */
function sayDeveloperClient(client: FoundApp, app: FoundApp, scopes: readonly string[]) {
  const ports = client.redirectUris.map((uri) => Number(/^http:\/\/127\.0\.0\.1:(\d+)\/callback$/.exec(uri)?.[1]));
  const allowDeviceCode = client.allowedGrants.includes(deviceCodeGrant);
  const grants = [
    "authorization_code",
    ...(allowDeviceCode ? [deviceCodeGrant] : []),
    ...(app.allowOffline ? ["refresh_token"] : []),
  ];
  const { specific, others } = scopesAskedFor(client, app);
  const isIt =
    client.displayName === `${app.displayName} developers` &&
    client.basedOnTemplate.value === templates.public &&
    client.clientType === "public" &&
    client.allUrlSchemesAllowed &&
    client.active &&
    client.trustScope === "Explicit" &&
    !client.bypassConsent &&
    !client.showInMyApps &&
    ports.length > 0 &&
    ports.every((port) => port >= 1024 && port <= 65_535) &&
    sameSet(client.allowedGrants, grants) &&
    others.length === 0 &&
    specific.every((scope) => scopes.includes(scope)) &&
    client.postLogoutRedirectUris.length === 0 &&
    client.logoutUri === undefined &&
    client.description === undefined;
  if (!isIt) return undefined;
  return {
    ...(!sameSet(specific, scopes) && { scopes: specific }),
    ports,
    ...(allowDeviceCode && { allowDeviceCode }),
  };
}

/** What the file can say of grants and URIs; `change` is told what it cannot. */
function sayCommon(app: FoundApp, change: (what: string, means: string, todo?: string) => void): Common {
  const uris = (what: string, values: readonly string[]) =>
    values.filter((uri) => {
      const problem = uriProblem(uri);
      if (problem !== undefined) {
        change(
          `has the ${what} ${quoted(uri)}, which ${problem}`,
          "the file leaves it out, and the first deploy takes it away",
        );
      }
      return problem === undefined;
    });
  const redirectUris = uris("redirect URI", app.redirectUris);
  const postLogoutRedirectUris = uris("post-logout redirect URI", app.postLogoutRedirectUris);
  const [logoutUri] = uris("logout URI", app.logoutUri === undefined ? [] : [app.logoutUri]);
  const grants = app.allowedGrants.map(asDeclared).filter((grant): grant is Grant => {
    const isKnown = (grantNames as readonly string[]).includes(grant);
    const isUsable = grant !== "authorization_code" || redirectUris.length > 0;
    if (!isKnown) {
      change(
        `has the grant ${quoted(grant)}`,
        "the file does not know it (RFC 9700 advises against passing passwords and tokens on): the first deploy takes it away, and clients that use it get no token",
        "move them to authorization_code (people) or client_credentials (programs) first",
      );
    } else if (!isUsable) {
      change(
        "has the grant authorization_code and no redirect URI that can be declared",
        "the file leaves the grant out, and the first deploy takes it away",
        "give the app an https redirect URI",
      );
    }
    return isKnown && isUsable;
  });
  if (grants.length === 0 || !app.isOAuthClient) {
    change(
      app.isOAuthClient ? "has no grant that the file can say" : "is no OAuth client",
      `the file says ${grants.join(", ") || "client_credentials"}: after the first deploy whoever has its client secret gets tokens by that`,
    );
  }
  return {
    displayName: app.displayName,
    ...(app.description !== undefined && { description: app.description }),
    grants: grants.length === 0 ? ["client_credentials"] : grants,
    ...(redirectUris.length > 0 && { redirectUris }),
    ...(postLogoutRedirectUris.length > 0 && { postLogoutRedirectUris }),
    ...(logoutUri !== undefined && { logoutUri }),
    ...(app.bypassConsent && { bypassConsent: true }),
    ...(app.showInMyApps && { showInMyApps: true }),
    ...(!app.active && { active: false }),
  };
}

/** A grant as an environment file names it. */
function asDeclared(grant: string): string {
  return grant === deviceCodeGrant ? "device_code" : grant;
}

/** What a client may ask for: scopes of the API without the audience, and others in full. */
function scopesAskedFor(
  { allowedScopes }: FoundApp,
  { audience = "", scopes }: FoundApp,
): { specific: string[]; others: string[] } {
  const own = new Map(scopes.map(({ value }) => [audience + value, value]));
  const all = [...new Set(allowedScopes.map(({ fqs }) => fqs))];
  return { specific: all.flatMap((fqs) => own.get(fqs) ?? []), others: all.filter((fqs) => !own.has(fqs)) };
}

function noteUnmanaged(app: FoundApp, notes: Notes): void {
  const attributes = unmanagedAttributes(app).filter((attribute) => !attribute.startsWith("secondaryAudiences"));
  if (attributes.length === 0) return;
  const what = `app ${quoted(app.displayName)} has attributes that no environment file says: ${attributes.join("; ")}`;
  notes.add("stays", what, "they stay as they are; the console changes them");
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}
