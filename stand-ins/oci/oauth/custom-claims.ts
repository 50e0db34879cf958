import type { Store } from "../scim/store";
import type { User } from "../scim/types";
import type { GrantedScopes } from "./scopes";

/** The custom claims of the domain's settings that a token carries. */
export function customClaims(store: Store, granted: GrantedScopes, type: "AT" | "IT", user?: User) {
  const { resource, values } = granted;
  const { tenantCustomClaims = [] } = store.get("Settings", "Settings");
  const scopes = (resource?.scopes ?? []).filter(({ value }) => values.includes(value)).map(({ fqs }) => fqs);
  const claims = tenantCustomClaims
    .filter(({ mode, tokenType }) => mode === "always" && (tokenType === type || tokenType === "BOTH"))
    .filter((claim) => claim.allScopes || claim.scopes?.some((fqs) => scopes.includes(fqs)))
    .map(({ name, value, expression }) => [name, expression ? evaluate(value, store, user) : value]);
  return Object.fromEntries(claims.filter(([, value]) => value !== undefined));
}

/**
 * The value of `$user.userName`, `$user.groups.*.display`, `$(user.groups[*].display)` and the like: a path through the user's
 * SCIM attributes, where `*` is every element. An expression reads the user: without one it has no value.
 */
function evaluate(expression: string, store: Store, user?: User): unknown {
  const [, path] = /^\$\(?user\.([^()]+)\)?$/.exec(expression) ?? [];
  if (!user || path === undefined) return undefined;
  const attributes = { ...user, password: undefined, ...store.type("Users").derive?.(user, store) };
  return follow(attributes, path.replaceAll("[*]", ".*").split("."));
}

function follow(value: unknown, [step, ...rest]: string[]): unknown {
  if (step === undefined) return value;
  if (step === "*") return Array.isArray(value) ? value.map((element) => follow(element, rest)) : undefined;
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, step);
  return isObject ? follow((value as Record<string, unknown>)[step], rest) : undefined;
}
