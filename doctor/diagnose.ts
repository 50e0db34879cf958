import { apiCauses } from "./api-causes";
import type { Cause, Evidence } from "./cause";
import { domainCauses } from "./domain-causes";
import { schemaCauses } from "./schema-causes";
import { formCauses, tokenCauses } from "./token-causes";

/** Every known cause, in the order in which they are looked for: the call, the token's form, the keys, the token, the schema, the user. */
export const causes: readonly Cause[] = [...apiCauses, ...formCauses, ...domainCauses, ...tokenCauses, ...schemaCauses];

/** Causes of a 401 that can only be seen on the host of ORDS. */
export const notObservable: readonly string[] = [
  "a JWT profile for the whole pool (security.jwt.profile.mode POOL, from ORDS 25.2), with which that of the schema is ignored",
  "security.jwks.allowed.urls of ORDS, when it does not list the JWK URL",
  "the network of ORDS itself: proxy, DNS or firewall between it and the JWK URL",
];

export interface Finding {
  readonly id: string;
  readonly title: string;
  /** What was seen. */
  readonly seen: string;
  /** Why calls fail with it. */
  readonly why: string;
  /** How to fix it. */
  readonly remedy: string;
}

/** The first cause that is seen in the evidence; undefined when none is. */
export function diagnose(evidence: Evidence): Finding | undefined {
  for (const { id, title, why, remedy, find } of causes) {
    const seen = find(evidence);
    if (seen !== undefined) return { id, title, seen, why, remedy: fillIn(remedy, evidence) };
  }
  return undefined;
}

function fillIn(remedy: string, { ords }: Evidence): string {
  return remedy.replaceAll(/\bENV\b/g, ords.stack);
}
