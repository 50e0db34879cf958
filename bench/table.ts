import type { Finding } from "./line";
import type { Measured } from "./measured";
import { aimInWords, comparison, spread, verdict } from "./words";

/** For a terminal. */
export function plain({ name, findings }: Measured): string {
  const lines = findings.map((finding) => {
    const against = finding.other && finding.against && ` | ${finding.against}: ${spread(finding.other, finding.unit)}`;
    const compared = comparison(finding);
    const aim = finding.aim && `${aimInWords(finding.aim, finding.unit)}: ${verdict(finding)}`;
    return `  ${finding.what}: ${spread(finding.value, finding.unit)}${against ?? ""}${compared && ` | ${compared}`}${aim ? ` | ${aim}` : ""}`;
  });
  return [name, ...lines].join("\n");
}

/** For docs/performance.md: median and spread of each figure, of its alternative, and how the two compare. */
export function markdown(results: readonly Measured[]): string {
  const rows = results.flatMap(({ name, findings }) =>
    findings.map((finding, index) => `| ${index === 0 ? `\`${name}\`` : ""} | ${cells(finding).join(" | ")} |`),
  );
  const where = [...new Set(results.map(({ date, machine }) => `${date}, ${machine}`))].map((each) => `- ${each}`);
  const limits = results.map(({ name, limit }) => `- \`${name}\`: ${limit}`);
  return [
    "| line | work | median (lowest to highest) | side by side with | the two compared | aim | |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "Measured on:",
    "",
    ...where,
    "",
    "What limits each:",
    "",
    ...limits,
  ].join("\n");
}

function cells(finding: Finding): string[] {
  const { what, unit, value, against, other, aim } = finding;
  const alternative = other && against ? `${against}: ${spread(other, unit)}` : "-";
  return [what, spread(value, unit), alternative, comparison(finding) || "-", aimInWords(aim, unit), verdict(finding)];
}
