import type { Finding } from "./line";
import type { Measured } from "./measured";
import { aimInWords, number } from "./words";

const width = 900;
const rowHeight = 24;
const top = 58;
/** Where the bars begin, and where the aim stands. */
const [left, goal] = [430, 690];

/**
 * How much of what its aim allows each figure takes, as an SVG for light and dark: a bar up to the line is an aim that is met, one beyond it an aim
 * that is missed. Figures without an aim are not in it.
 */
export function chart(results: readonly Measured[]): string {
  const findings = results.flatMap((result) => result.findings).filter(({ aim }) => aim !== undefined);
  const height = top + findings.length * rowHeight + 16;
  const missed = findings.filter(({ isMet }) => !isMet).length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    '  <title id="title">Each figure beside its aim</title>',
    `  <desc id="description">${findings.length - missed} of ${findings.length} aims are met. A bar that ends before the line is an aim that is met.</desc>`,
    style,
    '  <text class="small" x="16" y="24">How much of what its aim allows each figure takes (medians)</text>',
    `  <text class="small" x="${goal}" y="${top - 12}" text-anchor="middle">aim</text>`,
    ...findings.map((finding, index) => row(finding, top + index * rowHeight)),
    `  <path class="goal" d="M${goal} ${top - 6}V${height - 12}"/>`,
    "</svg>",
    "",
  ].join("\n");
}

function row(finding: Finding, y: number): string {
  const share = shareOf(finding);
  const length = Math.min(share * (goal - left), width - left - 150);
  const text = `${number(finding.compared!.median)}${finding.aim!.of === "value" ? "" : " times"}, ${aimInWords(finding.aim, finding.unit)}`;
  const at = Math.max(left + length, goal) + 8;
  return [
    `  <text x="${left - 10}" y="${y + 15}" text-anchor="end">${escaped(finding.what)}</text>`,
    `  <rect class="${finding.isMet ? "met" : "missed"}" x="${left}" y="${y + 3}" width="${length.toFixed(1)}" height="16" rx="2"/>`,
    `  <text class="small" x="${at.toFixed(1)}" y="${y + 15}">${escaped(text)}</text>`,
  ].join("\n");
}

/** 1 is the aim itself, less is better. */
export function shareOf({ compared, aim }: Finding): number {
  if (!compared || !aim) throw new Error("a figure without an aim has no share of it");
  return aim.atMost === undefined ? aim.atLeast! / compared.median : compared.median / aim.atMost;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const style = `  <style>
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
    .small { font-size: 12px; fill: #59636e; }
    .met { fill: #1a7f37; }
    .missed { fill: #bc4c00; }
    .goal { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .small { fill: #a9b4bf; }
      .met { fill: #3fb950; }
      .missed { fill: #f0883e; }
      .goal { stroke: #f0f6fc; }
    }
  </style>`;
