import type { ApiAnswer } from "../oauth/protected-resource";

/**
 * Seconds by which a server's clock is certainly ahead of ours, by its Date header; undefined when there is none. The header
 * was written at some time between sending and receiving, and counts whole seconds: a slow answer is not a slow clock.
 */
export function clockDifference({
  date,
  sent,
  received,
}: Pick<ApiAnswer, "date" | "sent" | "received">): number | undefined {
  if (date === undefined) return undefined;
  const [least, most] = [(date - received) / 1000, (date + 1000 - sent) / 1000];
  // Servers make the header once a second: so small a difference is none.
  if (least > 1) return Math.round(least);
  return most < -1 ? Math.round(most) : 0;
}
