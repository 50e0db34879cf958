import type { Aim, Finding } from "./line";
import type { Summary } from "./statistics";

/** Three digits that count: `0.115`, `21.4`, `1,205`. */
export function number(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: Math.min(digits, 3) });
}

/** Median, and how far the measurements lie apart. */
export function spread({ median, min, max }: Summary, unit = ""): string {
  const middle = `${number(median)}${unit && ` ${unit}`}`;
  return min === max ? middle : `${middle} (${number(min)} to ${number(max)})`;
}

/** How a figure compares, for example `1.9 times`. */
export function comparison({ compared, aim, against }: Finding): string {
  if (!compared || aim?.of === "value" || !against) return "";
  return spread(compared, aim?.of === "faster" ? "times faster" : "times");
}

export function aimInWords(aim: Aim | undefined, unit: Finding["unit"]): string {
  if (!aim) return "stated";
  const ofWhat = { value: unit && ` ${unit}`, times: " times", faster: " times faster" }[aim.of];
  return aim.atMost === undefined
    ? `at least ${number(aim.atLeast!)}${ofWhat}`
    : `at most ${number(aim.atMost)}${ofWhat}`;
}

export function verdict({ isMet }: Finding): string {
  return isMet === undefined ? "" : isMet ? "met" : "missed";
}
