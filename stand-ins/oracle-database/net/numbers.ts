/** NUMBER, BINARY_DOUBLE and BINARY_FLOAT on the wire. Numbers are decimal text here, never binary floats. */
import { OracleError } from "../database";
import { ProtocolError } from "./packets";

const MAX_PAIRS = 20;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** True when `text` is a decimal number that {@link encodeNumber} takes. */
export function isDecimal(text: string): boolean {
  const match = DECIMAL.exec(text);
  return match !== null && `${match[2] ?? ""}${match[3] ?? ""}` !== "";
}

/**
 * Decimal text to the wire: an exponent byte, then base-100 digits. Rounds to 20 of those.
 *
 * @throws OracleError ORA-01426 from 1e126 on
 */
export function encodeNumber(text: string): Buffer {
  const match = DECIMAL.exec(text);
  if (!match || !isDecimal(text)) throw new TypeError(`not a decimal number: ${text}`);
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const leading = `${whole}${fraction}`.replace(/^0+/, "");
  // value = 0.digits * 100 ^ exponent, with an even number of digits before the point
  let pointAt = leading.length - fraction.length + Number(power);
  let digits = leading;
  if (Math.abs(pointAt % 2) === 1) {
    digits = `0${digits}`;
    pointAt++;
  }
  if (digits.length > MAX_PAIRS * 2) {
    const kept = BigInt(digits.slice(0, MAX_PAIRS * 2)) + (digits.charAt(MAX_PAIRS * 2) >= "5" ? 1n : 0n);
    digits = kept.toString().padStart(MAX_PAIRS * 2, "0");
    if (digits.length > MAX_PAIRS * 2) {
      digits = `0${digits}`;
      pointAt += 2;
    }
  }
  digits = digits.replace(/0+$/, "");
  if (digits.length % 2 === 1) digits += "0";
  const exponent = pointAt / 2 - 1;
  if (digits === "" || exponent < -65) return Buffer.from([0x80]);
  if (exponent > 62) throw new OracleError(1426, "ORA-01426: numeric overflow");
  const pairs = (digits.match(/../g) ?? []).map(Number);
  if (sign !== "-") return Buffer.from([0xc1 + exponent, ...pairs.map((pair) => pair + 1)]);
  const negative = [0x3e - exponent, ...pairs.map((pair) => 101 - pair)];
  if (pairs.length < MAX_PAIRS) negative.push(102);
  return Buffer.from(negative);
}

/** The wire form to plain decimal text, for example `-12.5`. */
export function decodeNumber(bytes: Buffer): string {
  const first = bytes[0];
  if (first === undefined || bytes.length > MAX_PAIRS + 2) throw new ProtocolError(`NUMBER of ${bytes.length} bytes`);
  const positive = first >= 0x80;
  if (bytes.length === 1) return positive ? "0" : `-1${"0".repeat(126)}`;
  const mantissa = [...bytes.subarray(1)];
  if (!positive && mantissa.at(-1) === 102) mantissa.pop();
  const pairs = mantissa.map((byte) => (positive ? byte - 1 : 101 - byte));
  if (pairs.some((pair) => pair < 0 || pair > 99))
    throw new ProtocolError(`NUMBER ${bytes.toString("hex")} is invalid`);
  const exponent = positive ? first - 0xc1 : 0x3e - first;
  const digits = pairs.map((pair) => String(pair).padStart(2, "0")).join("");
  const pointAt = (exponent + 1) * 2;
  const whole = digits.slice(0, Math.max(pointAt, 0)).padEnd(pointAt, "0").replace(/^0+/, "");
  const fraction = (pointAt < 0 ? "0".repeat(-pointAt) + digits : digits.slice(pointAt)).replace(/0+$/, "");
  const text = `${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  return positive || text === "0" ? text : `-${text}`;
}

/** As `TO_CHAR` writes a number: plain, and without a zero before the point. */
export function numberText(number: string): string {
  return decodeNumber(encodeNumber(number)).replace(/^(-?)0\./, "$1.");
}

/** BINARY_DOUBLE (8 bytes) and BINARY_FLOAT (4 bytes): IEEE 754, changed so that the bytes sort like the values. */
export function encodeBinary(value: number, size: 4 | 8): Buffer {
  const bytes = Buffer.alloc(size);
  if (size === 8) bytes.writeDoubleBE(value);
  else bytes.writeFloatBE(value);
  if (bytes.readUInt8() < 0x80) bytes[0] = bytes.readUInt8() | 0x80;
  else for (let i = 0; i < size; i++) bytes[i] = ~bytes.readUInt8(i) & 0xff;
  return bytes;
}

export function decodeBinary(wire: Buffer): number {
  const bytes = Buffer.from(wire);
  if (bytes.length !== 4 && bytes.length !== 8) throw new ProtocolError(`binary number of ${bytes.length} bytes`);
  if (bytes.readUInt8() >= 0x80) bytes[0] = bytes.readUInt8() & 0x7f;
  else for (let i = 0; i < bytes.length; i++) bytes[i] = ~bytes.readUInt8(i) & 0xff;
  return bytes.length === 8 ? bytes.readDoubleBE() : bytes.readFloatBE();
}
