import { type BodyRules, type Json, type JsonObject, requestBody, stateFromApi } from "./api-values";
import { ConfigurationError } from "./errors";
import { apiName } from "./names";
import { endpointUrl, type OciClient, type OciRequest } from "./oci-client";
import { requestOnly, type ScimResource } from "./resources";
import type { Block, Overlay } from "./schema";
import { withoutIgnoredTags } from "./tags";
import { isKnown, type ObjectValue, type Value } from "./values";

/** The calls of one `oci_identity_domains_*` type, at the `idcs_endpoint` of each resource. */
export class ScimBackend {
  constructor(
    readonly client: OciClient,
    readonly resource: ScimResource,
    readonly block: Block,
    readonly overlay: Overlay | undefined,
    readonly ignoredTags: readonly string[],
  ) {}

  async create(planned: ObjectValue): Promise<ObjectValue> {
    const { singletonId } = this.resource;
    const id = singletonId === undefined ? undefined : planned[singletonId];
    const body = requestBody(this.block, planned, null, this.#bodyRules());
    const answer = await this.#send(id === undefined ? "POST" : "PUT", planned, id, { body });
    return this.#state(answer, planned);
  }

  /** @throws ServiceError, with status 404 when the API does not have the object */
  async read(known: ObjectValue): Promise<ObjectValue> {
    const named = this.resource.singletonId ?? this.resource.dataSourceId;
    const id = known.id ?? (named === undefined ? null : (known[named] ?? null));
    return this.#state(await this.#send("GET", known, id, {}), known);
  }

  async update(planned: ObjectValue, prior: ObjectValue): Promise<ObjectValue> {
    if (this.resource.updatable === false) return planned;
    const body = { ...requestBody(this.block, planned, prior, this.#bodyRules()), id: prior.id as string };
    return this.#state(await this.#send("PUT", planned, prior.id, { body }), planned);
  }

  async delete(prior: ObjectValue): Promise<void> {
    // A singleton cannot be deleted: the real provider forgets it without a call.
    if (this.resource.singletonId !== undefined) return;
    const query: [string, string][] = isKnown(prior.force_delete) ? [["forceDelete", String(prior.force_delete)]] : [];
    await this.#send("DELETE", prior, prior.id, { query });
  }

  /** The attributes that an import id holds: `idcsEndpoint/<url>/<word>/<id>`. */
  importedAttributes(importId: string): ObjectValue {
    const word = this.resource.importWord;
    const [, endpoint, id] = new RegExp(`^idcsEndpoint/(.*)/${word}/(.*)$`).exec(importId) ?? [];
    if (!endpoint || !id) {
      throw new Error(`IdcsEndpointHelperForRead: Format of id might be wrong. id: ${importId}`);
    }
    endpointUrl(endpoint);
    // Not the `setting_id` of a setting: the real provider never reads it, and so plans to replace what was imported.
    return { idcs_endpoint: endpoint, id };
  }

  #bodyRules() {
    return bodyRules(this.resource, this.overlay);
  }

  #send(
    method: OciRequest["method"],
    values: ObjectValue,
    id: Value | undefined,
    more: Pick<OciRequest, "body" | "query">,
  ): Promise<{ body: Json | undefined }> {
    if (id !== undefined && (typeof id !== "string" || id === "")) {
      throw new Error(`${this.resource.collection}: state holds no id for this resource`);
    }
    const schemaVersion = values.resource_type_schema_version;
    return this.client.send({
      service: "Identity Domains",
      operation: `${verbs[method]}${this.resource.collection.replace(/s$/, "")}`,
      method,
      endpoint: endpointOf(values),
      path: `/admin/v1/${this.resource.collection}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`,
      query: more.query ?? attributeQuery(values),
      headers: typeof schemaVersion === "string" ? { resource_type_schema_version: schemaVersion } : {},
      body: more.body,
      retryToken: true,
    });
  }

  #state({ body }: { body: Json | undefined }, known: ObjectValue): ObjectValue {
    if (typeof body !== "object" || body === null || Array.isArray(body) || typeof body.id !== "string") {
      throw new Error(
        `the API's answer is not a ${this.resource.collection} object with an id: ${JSON.stringify(body)}`,
      );
    }
    const object: JsonObject = { ...withoutIgnoredTags(body, this.ignoredTags) };
    for (const name of this.resource.zeroWhenAbsent ?? []) object[apiName(name)] ??= 0;
    for (const name of this.resource.enumerations ?? []) object[apiName(name)] ??= "";
    return stateFromApi(this.block, object, known, requestOnly);
  }
}

const verbs = { POST: "Create", GET: "Get", PUT: "Put", DELETE: "Delete" };

/** How a resource type's values become the body of a request. */
export function bodyRules(resource: ScimResource, overlay: Overlay | undefined): BodyRules {
  return { ...resource, notInApi: [...requestOnly, "id"], immutable: overlay?.force_new };
}

function endpointOf(values: ObjectValue): string {
  const endpoint = values.idcs_endpoint;
  if (typeof endpoint !== "string" || endpoint === "") {
    throw new ConfigurationError("idcs_endpoint is empty: expected the URL of an identity domain", ["idcs_endpoint"]);
  }
  return endpoint;
}

/** Which attributes the API should return: sent with POST, GET and PUT. */
function attributeQuery(values: ObjectValue): [string, string][] {
  const sets = Array.isArray(values.attribute_sets) ? values.attribute_sets : [];
  const query = sets.filter(isKnown).map((set): [string, string] => ["attributeSets", String(set)]);
  if (typeof values.attributes === "string") query.push(["attributes", values.attributes]);
  return query;
}
