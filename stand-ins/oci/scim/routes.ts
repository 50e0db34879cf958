import { jsonObject, type Reply, type Request, Router } from "../http";
import { scimError } from "./errors";
import { parseFilter } from "./filter";
import { resourceTypes } from "./resources";
import { Selection } from "./returned";
import type { Store } from "./store";
import type { Caller, Endpoint, Resource } from "./types";

type Values = Record<string, unknown>;

export interface ScimContext {
  store: Store;
  caller: Caller;
}

/** The SCIM endpoints of an identity domain, below `/admin/v1`. */
export function scimRoutes(): Router<ScimContext> {
  const router = new Router<ScimContext>();
  for (const endpoint of Object.keys(resourceTypes) as Endpoint[]) addRoutes(router, endpoint);
  router.on("PUT", "/admin/v1/AppStatusChanger/{id}", changeAppStatus);
  return router;
}

function addRoutes(router: Router<ScimContext>, endpoint: Endpoint): void {
  const { operations, schema } = resourceTypes[endpoint];
  const collection = `/admin/v1/${endpoint}`;
  const one = `${collection}/{id}`;

  router.on("GET", collection, ({ query }, _params, { store }) => list(store, endpoint, query));
  router.on("POST", `${collection}/.search`, (request, _params, { store }) =>
    list(store, endpoint, searchQuery(jsonObject(request, scimError))),
  );
  router.on("GET", one, ({ query }, { id = "" }, { store }) => {
    return reply(200, store, endpoint, store.get(endpoint, id), new Selection(schema, query));
  });
  if (operations.includes("create")) {
    router.on("POST", collection, (request, _params, { store, caller }) => {
      // Read first: what the query gets wrong must not leave a resource behind.
      const selection = new Selection(schema, request.query);
      const created = store.create(endpoint, jsonObject(request, scimError), caller);
      return reply(201, store, endpoint, created, selection);
    });
  }
  const updates = { PUT: "replace", PATCH: "patch" } as const;
  for (const [method, operation] of Object.entries(updates)) {
    if (!operations.includes(operation)) continue;
    router.on(method, one, (request, { id = "" }, { store, caller }) => {
      const selection = new Selection(schema, request.query);
      const resource = store.get(endpoint, id);
      checkVersion(request, resource);
      const updated = store[operation](endpoint, resource.id, jsonObject(request, scimError), caller);
      return reply(200, store, endpoint, updated, selection);
    });
  }
  if (operations.includes("delete")) {
    router.on("DELETE", one, (request, { id = "" }, { store }) => {
      checkVersion(request, store.get(endpoint, id));
      store.delete(endpoint, id, request.query.get("forceDelete") === "true");
      return { status: 204 };
    });
  }
}

/** Activates or deactivates an app, and does nothing else to it. */
function changeAppStatus(request: Request, { id = "" }: Values, { store, caller }: ScimContext): Reply {
  const body = jsonObject(request, scimError);
  const urn = "urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger";
  if (!Array.isArray(body.schemas) || !body.schemas.includes(urn)) {
    throw scimError(400, `schemas must contain ${urn}`, "error.common.validation.invalidSchemas");
  }
  if (typeof body.active !== "boolean") {
    throw scimError(400, "active must be true or false", "error.common.validation.missingReqAttributes");
  }
  const app = store.replace("Apps", id as string, { active: body.active }, caller);
  return { status: 200, body: { schemas: [urn], id: app.id, ocid: app.ocid, active: app.active, meta: app.meta } };
}

function reply(status: number, store: Store, endpoint: Endpoint, resource: Resource, selection: Selection): Reply {
  const body = selection.apply(derived(store, endpoint, resource));
  return { status, headers: { etag: resource.meta.version }, body };
}

function derived<E extends Endpoint>(store: Store, endpoint: E, resource: Resource): Values {
  const type = resourceTypes[endpoint];
  const derive = type.derive as ((resource: Resource, store: Store) => Values) | undefined;
  return { ...resource, ...derive?.(resource, store) };
}

const defaultCount = 50;
const maximumCount = 1000;

function list(store: Store, endpoint: Endpoint, query: URLSearchParams): Reply {
  const { schema } = resourceTypes[endpoint];
  for (const name of ["sortBy", "sortOrder", "page", "limit"]) {
    if (query.has(name)) throw scimError(400, `${name} is not supported by this stand-in`);
  }
  const matches = query.get("filter") ? parseFilter(query.get("filter") as string, schema) : () => true;
  const all = store
    .all<Endpoint>(endpoint)
    .map((resource) => derived(store, endpoint, resource))
    .filter(matches);
  // SCIM: less than 1 counts as 1 for the index, less than 0 as 0 for the count.
  const startIndex = Math.max(1, wholeNumber(query, "startIndex", 1));
  const count = Math.min(maximumCount, Math.max(0, wholeNumber(query, "count", defaultCount)));
  const selection = new Selection(schema, query);
  const page = all.slice(startIndex - 1, startIndex - 1 + count).map((resource) => selection.apply(resource));
  return {
    status: 200,
    body: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: all.length,
      Resources: page,
      startIndex,
      itemsPerPage: page.length,
    },
  };
}

/** The body of a `.search` says the same as the query of a list. */
function searchQuery(body: Values): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    if (name === "schemas") continue;
    for (const element of Array.isArray(value) ? value : [value]) query.append(name, String(element));
  }
  return query;
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^-?\d+$/.test(text)) throw scimError(400, `${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function checkVersion({ headers }: Request, { meta }: Resource): void {
  const wanted = headers["if-match"];
  if (wanted !== undefined && wanted !== "*" && wanted.replaceAll('"', "") !== meta.version) {
    throw scimError(412, `the resource is at version ${meta.version}, not ${wanted}`);
  }
}
