import { scimError } from "../errors";

/** Refuses a value outside a closed list. An absent value is fine. */
export function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  throw scimError(
    400,
    `${name} must be one of ${allowed.join(", ")}, not ${JSON.stringify(value)}`,
    "error.common.validation.invalidValue",
  );
}
