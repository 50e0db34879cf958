import { type Json, type JsonObject, stateFromApi } from "./api-values";
import { PartlyCreatedError, ServiceError } from "./errors";
import { apiName } from "./names";
import type { Block } from "./schema";
import { flatTags, nestedTags } from "./tags";
import { timeoutOf } from "./timeouts";
import { equal, isKnown, type ObjectValue } from "./values";
import {
  type Deadline,
  deadlineIn,
  domainIn,
  finishWorkRequest,
  getWorkRequest,
  type IdentityCall,
  poll,
  workRequestOf,
} from "./work-requests";

const createArguments = [
  ...["admin_email", "admin_first_name", "admin_last_name", "admin_user_name", "compartment_id", "defined_tags"],
  ...["description", "display_name", "freeform_tags", "home_region", "is_hidden_on_login", "is_notification_bypassed"],
  ...["is_primary_email_required", "license_type"],
];
const updateArguments = ["defined_tags", "description", "display_name", "freeform_tags", "is_hidden_on_login"];

/** The last word of an action's path -> the name of the operation. */
const actions = {
  activate: "ActivateDomain",
  deactivate: "DeactivateDomain",
  changeCompartment: "ChangeDomainCompartment",
  changeLicenseType: "ChangeDomainLicenseType",
};
type Action = keyof typeof actions;

/** The calls of `oci_identity_domain`: the Identity API, where every change is a work request. */
export class DomainBackend {
  constructor(
    readonly call: IdentityCall,
    readonly block: Block,
    readonly ignoredTags: readonly string[],
  ) {}

  async create(planned: ObjectValue): Promise<ObjectValue> {
    const deadline = deadlineIn(timeoutOf(planned, "create"));
    const body = bodyOf(planned, createArguments);
    const operation = "CreateDomain";
    const answer = await this.call({ method: "POST", path: "/domains", operation, body, retryToken: true });
    const workRequest = workRequestOf(answer, operation);
    const early = domainIn(await getWorkRequest(this.call, workRequest));
    try {
      const id = await finishWorkRequest(this.call, workRequest, "CREATED", deadline);
      await this.#get(id);
      const domain = await this.#waitForActive(id, deadline);
      if (!wants(planned, "INACTIVE")) return this.#state(domain, planned);
      await this.#action(id, "deactivate", deadline);
      return this.#state(await this.#get(id), planned);
    } catch (error) {
      throw early === undefined ? error : new PartlyCreatedError(early, error);
    }
  }

  /** @throws ServiceError, with status 404 when there is no such domain */
  async read(known: ObjectValue): Promise<ObjectValue> {
    return this.#state(await this.#get(String(known.id ?? known.domain_id)), known);
  }

  async update(planned: ObjectValue, prior: ObjectValue): Promise<ObjectValue> {
    const deadline = deadlineIn(timeoutOf(planned, "update"));
    const id = String(prior.id);
    const changed = (name: string) => isKnown(planned[name]) && !equal(planned[name], prior[name] ?? null, "string");
    if (changed("state") && wants(planned, "ACTIVE")) await this.#action(id, "activate", deadline);
    for (const [name, action] of [
      ["compartment_id", "changeCompartment"],
      ["license_type", "changeLicenseType"],
    ] as const) {
      if (changed(name)) await this.#action(id, action, deadline, { [apiName(name)]: String(planned[name]) });
    }
    const operation = "UpdateDomain";
    const body = bodyOf(planned, updateArguments);
    const answer = await this.call({ method: "PUT", path: `/domains/${id}`, operation, body });
    await finishWorkRequest(this.call, workRequestOf(answer, operation), "UPDATED", deadline);
    let domain = await this.#get(id);
    if (changed("state") && wants(planned, "INACTIVE")) domain = await this.#action(id, "deactivate", deadline);
    return this.#state(domain, planned);
  }

  async delete(prior: ObjectValue): Promise<void> {
    const deadline = deadlineIn(timeoutOf(prior, "delete"));
    const id = String(prior.id);
    const operation = "DeleteDomain";
    const answer = await this.call({ method: "DELETE", path: `/domains/${id}`, operation });
    // UPDATED is no slip: the real provider waits for that action when it deletes.
    await finishWorkRequest(this.call, workRequestOf(answer, operation), "UPDATED", deadline);
    await poll(deadline, `domain ${id} to be deleted`, async () => {
      try {
        const { lifecycleState } = await this.#get(id);
        if (lifecycleState === "DELETING") return undefined;
        throw new Error(`domain ${id} is ${lifecycleState} after it was deleted: expected DELETING or no such domain`);
      } catch (error) {
        if (error instanceof ServiceError && error.status === 404) return true;
        throw error;
      }
    });
  }

  importedAttributes(importId: string): ObjectValue {
    return { id: importId };
  }

  async #action(id: string, action: Action, deadline: Deadline, body?: JsonObject): Promise<JsonObject> {
    const operation = actions[action];
    const path = `/domains/${id}/actions/${action}`;
    const answer = await this.call({ method: "POST", path, operation, body, retryToken: true });
    await finishWorkRequest(this.call, workRequestOf(answer, operation), "UPDATED", deadline);
    return this.#get(id);
  }

  async #get(id: string): Promise<JsonObject> {
    const { body } = await this.call({ method: "GET", path: `/domains/${id}`, operation: "GetDomain" });
    if (typeof body !== "object" || body === null || Array.isArray(body) || typeof body.id !== "string") {
      throw new Error(`the API's answer is not a domain with an id: ${JSON.stringify(body)}`);
    }
    return body;
  }

  #waitForActive(id: string, deadline: Deadline): Promise<JsonObject> {
    return poll(deadline, `domain ${id} to become ACTIVE`, async () => {
      const domain = await this.#get(id);
      if (domain.lifecycleState === "ACTIVE") return domain;
      if (domain.lifecycleState === "CREATING") return undefined;
      throw new Error(`domain ${id} is ${domain.lifecycleState} after it was created: expected CREATING or ACTIVE`);
    });
  }

  #state(domain: JsonObject, known: ObjectValue): ObjectValue {
    const api = {
      ...domain,
      state: domain.lifecycleState,
      // A closed list of words: the real provider stores its zero value.
      lifecycleDetails: domain.lifecycleDetails ?? "",
      definedTags: flatTags(domain.definedTags, this.ignoredTags),
      timeCreated: typeof domain.timeCreated === "string" ? goTime(domain.timeCreated) : null,
    };
    return stateFromApi(this.block, api, known, ["domain_id"]);
  }
}

function wants(planned: ObjectValue, state: "ACTIVE" | "INACTIVE"): boolean {
  return typeof planned.state === "string" && planned.state.toUpperCase() === state;
}

function bodyOf(planned: ObjectValue, names: string[]): JsonObject {
  const body: JsonObject = {};
  for (const name of names) {
    const value = planned[name];
    if (isKnown(value))
      body[apiName(name)] = name === "defined_tags" ? nestedTags(value as ObjectValue) : (value as Json);
  }
  return body;
}

/** The real provider stores times in Go's notation, for example `2026-11-23 13:10:20.4 +0000 UTC`. */
function goTime(rfc3339: string): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime()))
    throw new Error(`the API sent the time ${JSON.stringify(rfc3339)}: expected RFC 3339`);
  return time
    .toISOString()
    .replace("T", " ")
    .replace(/\.?0*Z$/, " +0000 UTC");
}
