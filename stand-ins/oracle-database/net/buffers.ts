/** Reading and writing the building blocks of TTC messages. */
import { ProtocolError, TruncatedError } from "./packets";

const CHUNKED = 0xfe;
const NULL_LENGTH = 0xff;
const LONGEST_SHORT = 252;
const CHUNK = 32_767;

/** Reads one request. Every read past its end throws a {@link ProtocolError}. */
export class Reader {
  private position = 0;

  constructor(private readonly buffer: Buffer) {}

  get remaining(): number {
    return this.buffer.length - this.position;
  }

  raw(length: number): Buffer {
    const start = this.skip(length);
    return this.buffer.subarray(start, start + length);
  }

  u8(): number {
    return this.buffer.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.buffer.readUInt16BE(this.skip(2));
  }

  u32(): number {
    return this.buffer.readUInt32BE(this.skip(4));
  }

  /** @returns where it stood */
  skip(length: number): number {
    if (length > this.remaining) throw new TruncatedError(`message ends ${length - this.remaining} bytes too early`);
    this.position += length;
    return this.position - length;
  }

  /** An unsigned integer of variable length. */
  ub(): number {
    const length = this.u8();
    if (length > 8) throw new ProtocolError(`integer of ${length} bytes, allowed are 0 to 8`);
    const start = this.skip(length);
    let value = 0;
    for (let at = start; at < start + length; at++) value = value * 256 + this.buffer[at]!;
    if (!Number.isSafeInteger(value)) throw new ProtocolError(`integer ${value} is too large`);
    return value;
  }

  /** Reads `count` things of at least one byte each. */
  many<T>(count: number, read: () => T): T[] {
    if (count > this.remaining) throw new TruncatedError(`${count} items announced, ${this.remaining} bytes left`);
    return Array.from({ length: count }, read);
  }

  /** Length-prefixed bytes; the empty value is null. */
  bytes(): Buffer | null {
    const length = this.u8();
    if (length === 0 || length === NULL_LENGTH) return null;
    if (length !== CHUNKED) return this.raw(length);
    const chunks: Buffer[] = [];
    for (let chunk = this.ub(); chunk > 0; chunk = this.ub()) chunks.push(this.raw(chunk));
    return Buffer.concat(chunks);
  }

  text(): string {
    return this.bytes()?.toString("utf8") ?? "";
  }

  /** A text with its length before it; the text is left out when the length is 0. */
  sizedText(): string {
    return this.ub() > 0 ? this.text() : "";
  }
}

/** Collects one response. */
export class Writer {
  private buffer = Buffer.allocUnsafe(256);
  private length = 0;

  raw(bytes: Uint8Array): this {
    const start = this.advance(bytes.length);
    this.buffer.set(bytes, start);
    return this;
  }

  u8(...values: number[]): this {
    const start = this.advance(values.length);
    this.buffer.set(values, start);
    return this;
  }

  /** Two bytes each, most significant one first. */
  u16(...values: number[]): this {
    return this.u8(...values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));
  }

  u32(...values: number[]): this {
    return this.u16(...values.flatMap((value) => [value >>> 16, value & 0xffff]));
  }

  /** Unsigned integers of variable length. */
  ub(...values: number[]): this {
    for (const value of values) {
      // The client reads at most six bytes.
      if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** 48) {
        throw new RangeError(`${value} cannot be sent, allowed are integers from 0 to 2^48 - 1`);
      }
      let bytes = 0;
      while (value >= 256 ** bytes) bytes += 1;
      const start = this.advance(1 + bytes);
      this.buffer[start] = bytes;
      if (bytes > 0) this.buffer.writeUIntBE(value, start + 1, bytes);
    }
    return this;
  }

  /** A signed integer of variable length, -255 to 255. */
  sb(value: number): this {
    if (value >= 0) return this.ub(value);
    return this.u8(0x81, -value);
  }

  /** Length-prefixed bytes; null and empty are the same. */
  bytes(value: Buffer | null): this {
    if (value === null || value.length === 0) return this.u8(0);
    if (value.length <= LONGEST_SHORT) return this.u8(value.length).raw(value);
    this.u8(CHUNKED);
    for (let start = 0; start < value.length; start += CHUNK) {
      const chunk = value.subarray(start, start + CHUNK);
      this.ub(chunk.length).raw(chunk);
    }
    return this.ub(0);
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value, "utf8"));
  }

  sizedText(value: string): this {
    const bytes = Buffer.from(value, "utf8");
    this.ub(bytes.length);
    return bytes.length > 0 ? this.bytes(bytes) : this;
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Makes room for more bytes. @returns where they begin */
  private advance(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, start);
      this.buffer = larger;
    }
    return start;
  }
}

/** National text and the text of LOBs: UTF-16, most significant byte first. */
export function decodeUtf16(bytes: Buffer): string {
  if (bytes.length % 2 === 1) throw new ProtocolError(`UTF-16 text of ${bytes.length} bytes`);
  return Buffer.from(bytes).swap16().toString("utf16le");
}

export function encodeUtf16(value: string): Buffer {
  return Buffer.from(value, "utf16le").swap16();
}
