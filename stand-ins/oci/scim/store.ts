import { newId, newOcid } from "../identifiers";
import { scimError } from "./errors";
import { patch } from "./patch";
import type { Schema } from "./schema";
import type { Caller, DomainFacts, Endpoint, Endpoints, Resource } from "./types";

type Values = Record<string, unknown>;

/** Something that refers to a resource and stands in the way of its deletion. */
export interface Reference {
  description: string;
  remove(): void;
}

/** The rules of one resource type that its attribute table cannot tell. */
export interface ResourceType<R extends Resource> {
  name: string;
  /** Second part of the OCID. */
  ocidType: string;
  schema: Schema;
  operations: readonly ("create" | "replace" | "patch" | "delete")[];
  /** What the resource starts with that is there from the beginning. */
  initial?: Values;
  /** Adds defaults and computed attributes; called before every check. */
  fill(resource: R, previous: R | undefined, store: Store): void;
  /** Throws a SCIM error for what the service refuses. Required, unique and typed attributes are checked already. */
  check(resource: R, previous: R | undefined, store: Store): void;
  /** Attributes computed on read. */
  derive?(resource: R, store: Store): Values;
  /** Throws when not even `forceDelete` removes it. */
  checkDelete?(resource: R): void;
  references?(resource: R, store: Store): Reference[];
}

const extension = "urn:ietf:params:scim:schemas:oracle:idcs:extension";
/** What the service is known to append, as far as it is; the order is this stand-in's own. */
const appendedSchemas: Partial<Record<Endpoint, string[]>> = {
  Apps: [`${extension}:OCITags`, `${extension}:requestable:App`],
  Users: [
    `${extension}:OCITags`,
    `${extension}:userState:User`,
    `${extension}:capabilities:User`,
    `${extension}:user:User`,
  ],
  Groups: [`${extension}:OCITags`, `${extension}:group:Group`, `${extension}:dynamic:Group`],
};

export type ResourceTypes = { [E in Endpoint]: ResourceType<Endpoints[E]> };

/** The resources of one identity domain. */
export class Store {
  private readonly resources = new Map<Endpoint, Map<string, Resource>>();

  constructor(
    readonly domain: DomainFacts,
    private readonly types: ResourceTypes,
  ) {}

  type<E extends Endpoint>(endpoint: E): ResourceType<Endpoints[E]> {
    return this.types[endpoint];
  }

  all<E extends Endpoint>(endpoint: E): Endpoints[E][] {
    return [...this.collection(endpoint).values()];
  }

  /** @param id the resource's id or OCID */
  find<E extends Endpoint>(endpoint: E, id: string): Endpoints[E] | undefined {
    const resources = this.collection(endpoint);
    return resources.get(id) ?? [...resources.values()].find(({ ocid }) => ocid === id);
  }

  get<E extends Endpoint>(endpoint: E, id: string): Endpoints[E] {
    const resource = this.find(endpoint, id);
    if (!resource) throw scimError(404, `${this.types[endpoint].name} ${id} not found`, "error.common.notFound");
    return resource;
  }

  /** @param id @default a new one */
  create<E extends Endpoint>(endpoint: E, body: Values, caller: Caller, id = newId()): Endpoints[E] {
    const type = this.types[endpoint];
    const { domainOcid, tenancyOcid, compartmentOcid, url, homeRegion } = this.domain;
    const now = new Date().toISOString();
    const path = endpoint === "Settings" ? "Settings/Settings" : `${endpoint}/${id}`;
    const resource = {
      ...withoutNulls(type.schema.accept(body, "create")),
      id,
      ocid: newOcid(type.ocidType, homeRegion),
      meta: {
        resourceType: type.name,
        created: now,
        lastModified: now,
        location: `${url}/admin/v1/${path}`,
        version: "",
      },
      domainOcid,
      tenancyOcid,
      compartmentOcid,
      deleteInProgress: false,
      idcsCreatedBy: { type: "User", value: caller.userId, display: caller.userId, ocid: caller.userId },
    };
    return this.save(endpoint, resource as unknown as Endpoints[E], undefined, caller);
  }

  /** A PUT merges: what is left out keeps its value, what is null goes. Of the settings it is an option. */
  replace<E extends Endpoint>(endpoint: E, id: string, body: Values, caller: Caller): Endpoints[E] {
    const previous = this.get(endpoint, id);
    const { schema, initial } = this.types[endpoint];
    const accepted = schema.accept(body, "update");
    const resource: Values = structuredClone(previous);
    if (initial && this.domain.settingsPut === "replaces") {
      for (const { name, is } of schema.all()) if (!is.has("readOnly")) delete resource[name];
      Object.assign(resource, structuredClone(initial));
    }
    for (const [name, value] of Object.entries(accepted)) {
      const old = resource[name];
      const isComplex = typeof value === "object" && !Array.isArray(value) && typeof old === "object";
      resource[name] = isComplex && value !== null ? { ...old, ...value } : value;
    }
    return this.save(endpoint, withoutNulls(resource) as Endpoints[E], previous, caller);
  }

  patch<E extends Endpoint>(endpoint: E, id: string, body: Values, caller: Caller): Endpoints[E] {
    const previous = this.get(endpoint, id);
    const resource = patch(this.types[endpoint].schema, previous, body);
    return this.save(endpoint, resource as Endpoints[E], previous, caller);
  }

  delete(endpoint: Endpoint, id: string, force: boolean): void {
    const resource = this.get(endpoint, id);
    const type = this.types[endpoint] as ResourceType<Resource>;
    type.checkDelete?.(resource);
    const references = type.references?.(resource, this) ?? [];
    if (references.length > 0 && !force) {
      const list = references.map(({ description }) => description).join(", ");
      throw scimError(
        400,
        `${type.name} ${resource.id} is referred to by ${list}: use forceDelete=true to remove those as well`,
        "error.common.delete.referenced",
      );
    }
    for (const reference of references) reference.remove();
    this.collection(endpoint).delete(resource.id);
  }

  /** Removes a resource because something it belongs to goes. */
  remove(endpoint: Endpoint, id: string): void {
    this.collection(endpoint).delete(id);
  }

  private save<E extends Endpoint>(
    endpoint: E,
    resource: Endpoints[E],
    previous: Endpoints[E] | undefined,
    caller: Caller,
  ): Endpoints[E] {
    const type = this.types[endpoint];
    type.fill(resource, previous, this);
    this.checkSchemas(endpoint, resource);
    type.schema.requireAll(resource);
    this.checkUnique(endpoint, resource);
    type.check(resource, previous, this);
    resource.idcsLastModifiedBy = { type: "User", value: caller.userId, display: caller.userId, ocid: caller.userId };
    resource.meta = { ...resource.meta, lastModified: new Date().toISOString(), version: newId() };
    this.collection(endpoint).set(resource.id, resource);
    return resource;
  }

  private checkSchemas(endpoint: Endpoint, resource: Resource): void {
    const { urn } = this.types[endpoint].schema;
    if (resource.schemas && !resource.schemas.includes(urn)) {
      throw scimError(400, `schemas must contain ${urn}`, "error.common.validation.invalidSchemas");
    }
    if (!this.domain.appendsSchemas || !resource.schemas) return;
    resource.schemas = [...new Set([...resource.schemas, ...(appendedSchemas[endpoint] ?? [])])];
  }

  private checkUnique(endpoint: Endpoint, resource: Resource): void {
    const type = this.types[endpoint];
    for (const { name } of type.schema.all().filter(({ is }) => is.has("unique"))) {
      const value = resource[name];
      if (value === undefined) continue;
      const isTaken = this.all(endpoint).some((other) => {
        return other.id !== resource.id && String(other[name]).toLowerCase() === String(value).toLowerCase();
      });
      if (isTaken) {
        throw scimError(
          409,
          `another ${type.name} has the ${name} ${JSON.stringify(value)}`,
          "error.common.validation.uniquenessViolation",
        );
      }
    }
  }

  private collection<E extends Endpoint>(endpoint: E): Map<string, Endpoints[E]> {
    const known = this.resources.get(endpoint) ?? new Map<string, Resource>();
    this.resources.set(endpoint, known);
    return known as Map<string, Endpoints[E]>;
  }
}

function withoutNulls(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
