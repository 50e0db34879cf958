import type { AuthenticationDetailsProvider, RetryConfiguration } from "oci-common";
import { LimitedHttpClient } from "./http-client";
import { common } from "./sdk";

/** What a domain has lists of, with what is read of each; others may have written any of it. */
export interface Collections {
  readonly Apps: ScimApp;
  readonly Grants: ScimGrant;
  readonly Groups: ScimGroup;
  readonly Users: ScimUser;
}

interface Scim {
  readonly id?: string;
  readonly [ociTags]?: { readonly freeformTags?: readonly { readonly key: string; readonly value: string }[] };
}

export interface ScimApp extends Scim {
  /** Client id. */
  readonly name?: string;
  readonly displayName?: string;
  readonly active?: boolean;
  readonly isOAuthClient?: boolean;
  readonly isOAuthResource?: boolean;
  readonly clientType?: string;
  readonly allowedGrants?: readonly string[];
  readonly allowedScopes?: readonly { readonly fqs: string }[];
  readonly trustScope?: string;
  readonly allowAccessControl?: boolean;
  readonly audience?: string;
  readonly secondaryAudiences?: readonly string[];
  readonly scopes?: readonly { readonly value: string }[];
}

interface ScimGrant extends Scim {
  readonly grantee?: { readonly type: string; readonly value: string; readonly display?: string };
}

export interface ScimGroup extends Scim {
  readonly displayName?: string;
  readonly members?: readonly { readonly value: string; readonly name?: string; readonly display?: string }[];
}

interface ScimUser extends Scim {
  readonly userName?: string;
}

/** Attribute of apps, groups and users: their tags. */
export const ociTags = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";

/** `filter`, and `attributes`, names separated by commas, or `attributeSets`: by default those come that a domain gives unasked. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** More pages than any list has that is read here. */
export const maxPages = 200;

/** Resources that are asked for at once. */
const pageSize = 200;

/**
 * The API of an identity domain, SCIM: the same requests for all of its collections. They are signed, repeated and their errors read by
 * Oracle's SDK; its client for domains is 480 more files to load, and leaves `&` in a filter as it is.
 */
export class DomainApi {
  readonly #httpClient: LimitedHttpClient;

  /** @param endpoint URL of the domain */
  constructor(
    private readonly endpoint: string,
    provider: AuthenticationDetailsProvider,
    private readonly retryConfiguration: RetryConfiguration,
  ) {
    this.#httpClient = new LimitedHttpClient(provider);
  }

  /** All pages of a list. */
  async list<Name extends keyof Collections>(collection: Name, query: Query): Promise<Collections[Name][]> {
    const found: Collections[Name][] = [];
    for (let pages = 0; pages < maxPages; pages++) {
      const page = { ...query, startIndex: found.length + 1, count: pageSize };
      const answer = await this.send("GET", collection, page);
      if (!isList(answer)) throw new Error(`the list of ${collection} of ${this.endpoint} has not the form of one`);
      const { Resources: resources = [], totalResults = 0 } = answer;
      // A page may hold more than a call takes arguments.
      for (const one of resources) found.push(one as Collections[Name]);
      if (resources.length === 0 || found.length >= totalResults) return found;
    }
    throw new Error(`the list of ${collection} of ${this.endpoint} has no end`);
  }

  /**
   * @param path below `/admin/v1/`; ids in it are encoded
   * @throws OciError with the words of the domain
   */
  async send(method: "GET" | "PATCH" | "DELETE", path: string, query: Query = {}, body?: object): Promise<unknown> {
    const { composeRequest, GenericRetrier, NoRetryConfigurationDetails } = common();
    const request = await composeRequest({
      baseEndpoint: this.endpoint,
      defaultHeaders: {},
      path: `/admin/v1/${path}`,
      method,
      // The SDK does not encode them.
      queryParams: Object.fromEntries(
        Object.entries(query).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, encodeURIComponent(String(value))]],
        ),
      ),
      headerParams: { "Content-Type": "application/json" },
      ...(body && { bodyContent: JSON.stringify(body) }),
    });
    const retrier = GenericRetrier.createPreferredRetrier(
      this.retryConfiguration,
      undefined,
      NoRetryConfigurationDetails,
    );
    const response = await retrier.makeServiceCall(
      this.#httpClient,
      request,
      "IdentityDomains",
      `${method} ${path}`,
      "",
    );
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  }
}

/** A page of a list; what is left out is empty. */
interface List {
  readonly Resources?: readonly object[];
  readonly totalResults?: number;
}

/** Without a library for it, which each hook of a destroy would load for nothing else. */
function isList(answer: unknown): answer is List {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(answer)) return false;
  const { Resources: resources = [], totalResults = 0 } = answer as Record<keyof List, unknown>;
  return Array.isArray(resources) && resources.every(isObject) && Number.isFinite(totalResults);
}

/** A path of one resource. */
export function resource(collection: string, id: string): string {
  return `${collection}/${encodeURIComponent(id)}`;
}
