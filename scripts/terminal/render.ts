import type { Check } from "../../oauth/checks";
import { cleanLines } from "./clean";
import { colours } from "./colours";

/** Checks as a table: verdict, what was tried, and what came of it. */
export function renderChecks(checks: readonly Check[]): string {
  return checks
    .map(({ what, expected, got, ok }) => {
      const verdict = ok ? colours.green("ok    ") : colours.red("FAILED");
      return `${verdict} ${cleanLines(`${what}: ${got}${ok ? "" : ` (expected ${expected})`}`)}`;
    })
    .join("\n");
}
