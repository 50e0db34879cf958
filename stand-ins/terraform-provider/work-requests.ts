import { setTimeout as sleep } from "node:timers/promises";
import type { Json, JsonObject } from "./api-values";
import type { OciClient, OciRequest, OciResponse } from "./oci-client";

const identityPath = "/20160918";

/** A call to the Identity API. */
export type IdentityCall = (
  request: Pick<OciRequest, "method" | "path" | "operation" | "body" | "query" | "retryToken">,
) => Promise<OciResponse>;

export function identityCall(client: OciClient, endpoint: string): IdentityCall {
  return (request) => client.send({ service: "Identity", endpoint, ...request, path: identityPath + request.path });
}

export type Deadline = () => boolean;

export function deadlineIn(milliseconds: number): Deadline {
  const end = Date.now() + milliseconds;
  return () => Date.now() >= end;
}

/**
 * Repeats `look` until it returns something: at once, then after 0.1 s, doubling up to 10 s, as the real provider waits.
 * @throws when the deadline has passed
 */
export async function poll<T>(deadline: Deadline, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let delay = 100; ; delay = Math.min(delay * 2, 10_000)) {
    const found = await look();
    if (found !== undefined) return found;
    if (deadline())
      throw new Error(`timeout while waiting for ${what}; the resource's timeouts block can allow more time`);
    await sleep(delay);
  }
}

/** The work request that an answer announces. */
export function workRequestOf({ headers }: OciResponse, operation: string): string {
  const id = headers["opc-work-request-id"];
  if (typeof id !== "string" || id === "")
    throw new Error(`the answer to ${operation} has no opc-work-request-id header`);
  return id;
}

export async function getWorkRequest(call: IdentityCall, id: string): Promise<JsonObject> {
  const { body } = await call({ method: "GET", path: `/iamWorkRequests/${id}`, operation: "GetIamWorkRequest" });
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Error(`work request ${id} is not a JSON object: ${JSON.stringify(body)}`);
  }
  return body;
}

/** The first domain that a work request names, whatever happens to it. */
export function domainIn(workRequest: JsonObject, action?: string): string | undefined {
  for (const resource of asArray(workRequest.resources) as JsonObject[]) {
    // The real provider reads it without a check and crashes.
    if (typeof resource.entityType !== "string") throw new Error("a resource of the work request has no entityType");
    const isDomain = resource.entityType.toLowerCase().includes("domain");
    if (isDomain && (!action || resource.actionType === action)) return String(resource.identifier);
  }
  return undefined;
}

/**
 * Waits for a work request to end.
 * @param action what the work request must have done to the domain: without such a resource, success is an error
 * @returns the domain's OCID
 */
export async function finishWorkRequest(
  call: IdentityCall,
  id: string,
  action: "CREATED" | "UPDATED",
  deadline: Deadline,
): Promise<string> {
  const ended = await poll(deadline, `work request ${id}`, async () => {
    const workRequest = await getWorkRequest(call, id);
    const status = String(workRequest.status);
    if (["ACCEPTED", "IN_PROGRESS", "CANCELING"].includes(status)) return undefined;
    if (["SUCCEEDED", "FAILED", "CANCELED"].includes(status)) return workRequest;
    throw new Error(`work request ${id} has the unexpected status ${status}`);
  });
  const domain = domainIn(ended, action);
  if (ended.status === "SUCCEEDED" && domain !== undefined) return domain;
  const reasons = await errorsOf(call, id);
  const none = domain === undefined ? ` and names no domain with actionType ${action}` : "";
  throw new Error(
    `Work Request error: ${ended.operationType} ended ${ended.status}${none}: ${reasons.join("; ") || "no reason given"} (${id})`,
  );
}

async function errorsOf(call: IdentityCall, id: string): Promise<string[]> {
  const found: string[] = [];
  for (let page: string | undefined, first = true; first || page; first = false) {
    const query: [string, string][] = page ? [["page", page]] : [];
    const path = `/iamWorkRequests/${id}/errors`;
    const { body, headers } = await call({ method: "GET", path, query, operation: "ListIamWorkRequestErrors" });
    for (const { code, message } of asArray(body) as JsonObject[]) found.push(`${code}: ${message}`);
    const next = headers["opc-next-page"];
    page = typeof next === "string" ? next : undefined;
  }
  return found;
}

function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
