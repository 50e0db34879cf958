import { ConfigurationError } from "./errors";
import { isObject, type ObjectValue } from "./values";

export type Operation = "create" | "update" | "delete";

const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const defaultTimeout = 20 * 60_000;

/** How long an operation may take, in milliseconds, from the resource's `timeouts` block. @default 20 minutes */
export function timeoutOf(values: ObjectValue, operation: Operation): number {
  const timeouts = values.timeouts;
  const text = isObject(timeouts) ? timeouts[operation] : null;
  return typeof text === "string" ? parseDuration(text, operation) : defaultTimeout;
}

export function checkTimeouts(values: ObjectValue): void {
  for (const operation of ["create", "update", "delete"] as const) timeoutOf(values, operation);
}

function parseDuration(text: string, operation: Operation): number {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) {
    throw new ConfigurationError(
      `invalid timeout ${JSON.stringify(text)}: expected a duration such as 30s, 20m or 1h30m`,
      ["timeouts", operation],
    );
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}
