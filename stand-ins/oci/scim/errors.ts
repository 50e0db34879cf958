import { Refusal } from "../http";

const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";
const messageSchema = "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error";

/**
 * An answer in SCIM's error form.
 * @param messageId as Oracle names it where that is known; the others are this stand-in's own wording
 */
export function scimError(status: number, detail: string, messageId?: string): Refusal {
  const body = {
    schemas: messageId ? [errorSchema, messageSchema] : [errorSchema],
    detail,
    status: String(status),
    ...(messageId && { [messageSchema]: { messageId } }),
  };
  return new Refusal({ status, body }, detail);
}

export function missingAttribute(name: string): Refusal {
  return scimError(400, `missing required attribute: ${name}`, "error.common.validation.missingReqAttributes");
}
