import { randomBytes } from "node:crypto";

/** 32 hexadecimal characters, the form of ids in an identity domain. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}

/** An OCID of the form `ocid1.<type>.oc1.<region>.<unique>`; the region is empty for what belongs to the whole tenancy. */
export function newOcid(type: string, region = ""): string {
  return `ocid1.${type}.oc1.${region}.aaaaaaaa${randomBytes(26).toString("hex")}`;
}
