import fc from "fast-check";
import { decodeDate, encodeDate } from "../../oracle-database/net/dates";
import {
  decodeBinary,
  decodeNumber,
  encodeBinary,
  encodeNumber,
  isDecimal,
  numberText,
} from "../../oracle-database/net/numbers";

const wire = (text: string) => encodeNumber(text).toString("hex");

test("encodes numbers as Oracle does", () => {
  expect(wire("0")).toBe("80");
  expect(wire("40")).toBe("c129");
  expect(wire("2.5")).toBe("c10333");
  expect(wire("42.50")).toBe("c12b33");
  expect(wire("-1")).toBe("3e6466");
  expect(wire("100")).toBe("c202");
  expect(wire("0.001")).toBe("bf0b");
  expect(wire("1e20")).toBe("cb02");
});

test("decodes what it encodes, for every decimal number of up to 38 digits", () => {
  const digits = fc.bigInt({ min: 1n, max: 10n ** 38n - 1n });
  fc.assert(
    fc.property(fc.boolean(), digits, fc.integer({ min: -80, max: 80 }), (negative, whole, power) => {
      const text = `${negative ? "-" : ""}${whole}e${power}`;
      const plain = decodeNumber(encodeNumber(text));
      expect(plain).not.toMatch(/e/);
      expect(asFraction(plain)).toBe(asFraction(text));
    }),
    { numRuns: 500 },
  );
});

/** An exact value: the number times 10^200. */
function asFraction(text: string): bigint {
  const [mantissa = "", power = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const shift = 200 + Number(power) - fraction.length;
  return BigInt(whole + fraction) * 10n ** BigInt(shift);
}

test("sorts positive numbers and negative numbers by their bytes", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      const order = Buffer.compare(encodeNumber(String(a)), encodeNumber(String(b)));
      expect(Math.sign(order)).toBe(Math.sign(a - b));
    }),
  );
});

test("rounds to 20 base-100 digits", () => {
  expect(decodeNumber(encodeNumber(`0.${"6".repeat(60)}`))).toBe(`0.${"6".repeat(39)}7`);
  expect(decodeNumber(encodeNumber("9".repeat(60)))).toBe(`1${"0".repeat(60)}`);
});

test("refuses numbers from 1e126 on, and flushes tiny ones to zero", () => {
  expect(wire("9e125")).toBe("ff5b");
  expect(() => encodeNumber("1e126")).toThrow("ORA-01426");
  expect(wire("1e-140")).toBe("80");
  expect(decodeNumber(Buffer.from([0]))).toBe(`-1${"0".repeat(126)}`);
});

test("writes numbers as TO_CHAR does", () => {
  expect(numberText("0.50")).toBe(".5");
  expect(numberText("-0.5")).toBe("-.5");
  expect(numberText("1e3")).toBe("1000");
});

test("tells decimal text from other text", () => {
  for (const text of ["1", "-1.5", ".5", "5.", "1e-3", "+7"]) expect(isDecimal(text)).toBe(true);
  for (const text of ["", ".", "-", "1,5", "0x10", "Infinity", "1e", " 1"]) expect(isDecimal(text)).toBe(false);
  expect(() => encodeNumber("abc")).toThrow("not a decimal number: abc");
});

test("refuses NUMBER bytes that are no number", () => {
  expect(() => decodeNumber(Buffer.alloc(0))).toThrow("NUMBER of 0 bytes");
  expect(() => decodeNumber(Buffer.from([0xc1, 0]))).toThrow("invalid");
  expect(() => decodeNumber(Buffer.alloc(30, 2))).toThrow("NUMBER of 30 bytes");
});

test("decodes the binary floats that it encodes", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.float({ noNaN: true }), (double, float) => {
      expect(decodeBinary(encodeBinary(double, 8))).toBe(double);
      expect(decodeBinary(encodeBinary(float, 4))).toBe(float);
    }),
  );
  expect(() => decodeBinary(Buffer.alloc(5))).toThrow("binary number of 5 bytes");
});

test("encodes dates as Oracle does", () => {
  const date = new Date("2025-03-04T05:06:07.089Z");
  expect(encodeDate(date, 7).toString("hex")).toBe("787d0304060708");
  expect(encodeDate(date, 11).toString("hex")).toBe("787d0304060708054e0840");
  expect(encodeDate(date, 13).toString("hex")).toBe("787d0304060708054e0840143c");
});

test("decodes the dates that it encodes", () => {
  const anyDate = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(anyDate, (date) => {
      expect(decodeDate(encodeDate(date, 13))).toEqual(date);
      expect(decodeDate(encodeDate(date, 7)).getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});

test("refuses dates that do not exist", () => {
  expect(() => decodeDate(Buffer.from("787d021f010101", "hex"))).toThrow("invalid");
  expect(() => decodeDate(Buffer.alloc(8))).toThrow("date of 8 bytes");
  expect(() => encodeDate(new Date(Number.NaN), 7)).toThrow("not an Oracle date");
});
