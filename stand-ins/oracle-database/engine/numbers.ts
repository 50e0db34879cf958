import type { OracleNumber } from "../database";
import { ora } from "./errors";

/** An exact decimal: `unscaled / 10^scale`. */
interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Decimal digits that a NUMBER keeps; a quotient is cut after them. */
const precision = 38;
const pattern = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/** Integers as they are written here, and small enough to be numbers of JavaScript: ids, counts and most others. */
const plainInteger = /^(0|-?[1-9]\d{0,14})$/;

/** `undefined` when the text is no number. */
export function parseNumber(text: string): OracleNumber | undefined {
  if (plainInteger.test(text)) return { number: text };
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const unscaled = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`);
  return toNumber({ unscaled, scale: fraction.length - Number(exponent) });
}

/** An exact integer, such as an id or a count. */
export function integer(value: number): OracleNumber {
  return { number: String(value) };
}

export function add(left: OracleNumber, right: OracleNumber): OracleNumber {
  const [a, b, scale] = align(left, right);
  return toNumber({ unscaled: a + b, scale });
}

export function subtract(left: OracleNumber, right: OracleNumber): OracleNumber {
  return add(left, negate(right));
}

export function multiply(left: OracleNumber, right: OracleNumber): OracleNumber {
  const [a, b] = [toDecimal(left), toDecimal(right)];
  return toNumber({ unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale });
}

export function divide(left: OracleNumber, right: OracleNumber): OracleNumber {
  const [a, b] = align(left, right);
  if (b === 0n) throw ora(1476, "divisor is equal to zero");
  return toNumber({ unscaled: (a * 10n ** BigInt(precision)) / b, scale: precision });
}

export function negate(value: OracleNumber): OracleNumber {
  const { unscaled, scale } = toDecimal(value);
  return toNumber({ unscaled: -unscaled, scale });
}

/** Negative, zero or positive. */
export function compareNumbers(left: OracleNumber, right: OracleNumber): number {
  const [a, b] =
    plainInteger.test(left.number) && plainInteger.test(right.number)
      ? [Number(left.number), Number(right.number)]
      : align(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rounded half away from zero to `scale` decimal places; `undefined` when more than `digits` digits are needed. */
export function rounded(value: OracleNumber, digits: number, scale: number): OracleNumber | undefined {
  const { unscaled, scale: given } = toDecimal(value);
  const surplus = given - scale;
  let kept = unscaled * 10n ** BigInt(Math.max(-surplus, 0));
  if (surplus > 0) {
    const unit = 10n ** BigInt(surplus);
    const half = unscaled < 0n ? -unit / 2n : unit / 2n;
    kept = (unscaled + half) / unit;
  }
  if ((kept < 0n ? -kept : kept) >= 10n ** BigInt(digits)) return undefined;
  return toNumber({ unscaled: kept, scale });
}

/** The whole part, towards zero, for lengths and positions. */
export function truncate(value: OracleNumber): number {
  return Math.trunc(Number(value.number));
}

function toDecimal(value: OracleNumber): Decimal {
  const match = pattern.exec(value.number);
  if (!match) throw ora(1722, "invalid number");
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const unscaled = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 } : { unscaled, scale };
}

function align(left: OracleNumber, right: OracleNumber): [bigint, bigint, number] {
  const [a, b] = [toDecimal(left), toDecimal(right)];
  const scale = Math.max(a.scale, b.scale);
  return [a.unscaled * 10n ** BigInt(scale - a.scale), b.unscaled * 10n ** BigInt(scale - b.scale), scale];
}

/** Plain decimal text without needless zeros: "0.5", "-12", "100". */
function toNumber({ unscaled, scale }: Decimal): OracleNumber {
  const negative = unscaled < 0n;
  let digits = (negative ? -unscaled : unscaled).toString();
  if (scale < 0) digits += "0".repeat(-scale);
  const places = Math.max(scale, 0);
  digits = digits.padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  if (whole.length > 126) throw ora(1426, "numeric overflow");
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const text = fraction ? `${whole}.${fraction}` : whole;
  return { number: negative && text !== "0" ? `-${text}` : text };
}
