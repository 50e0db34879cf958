/** The large objects of one session, and the operations on their locators. */
import { OracleError } from "../database";
import { decodeUtf16, encodeUtf16, type Reader, Writer } from "./buffers";
import { unimplemented } from "./errors";
import { ProtocolError } from "./packets";
import { Type } from "./types";

const LOCATOR = 40;
const CHUNK_SIZE = 8132;
const LOB_DATA = 14;
const PARAMETER = 8;
const TEMPORARY = 1;
/** Says that the text of this LOB travels as UTF-16, so that no piece can split a character in its encoding. */
const VARIABLE_WIDTH = 0x80;
/** Room for the objects of one session, in bytes or characters. */
const CAPACITY = 64 * 1024 * 1024;
const OVERHEAD = 200;

const Operation = {
  LENGTH: 0x1,
  READ: 0x2,
  TRIM: 0x20,
  WRITE: 0x40,
  CREATE_TEMPORARY: 0x110,
  CHUNK_SIZE: 0x4000,
  FREE_TEMPORARIES: 0x80111,
} as const;

interface Lob {
  readonly temporary: boolean;
  content: string | Buffer;
}

/** A LOB request as the client sends it. Offsets are 1-based; CLOBs count in UTF-16 units. */
export interface LobRequest {
  readonly operation: number;
  readonly locators: Buffer;
  readonly offset: number;
  readonly destinationOffset: number;
  readonly data: Buffer | null;
  readonly amount: number;
  readonly sendAmount: boolean;
}

export function readLobRequest(reader: Reader): LobRequest {
  reader.u8();
  const length = reader.ub();
  reader.u8();
  reader.ub();
  reader.ub();
  reader.ub();
  reader.skip(3);
  const operation = reader.ub();
  reader.skip(2);
  const offset = reader.ub();
  const destinationOffset = reader.ub();
  const sendAmount = reader.u8() === 1;
  reader.skip(6);
  const locators = reader.raw(length);
  if (operation === Operation.CREATE_TEMPORARY) reader.ub();
  let data: Buffer | null = null;
  if (operation === Operation.WRITE) {
    if (reader.u8() !== LOB_DATA) throw new ProtocolError("LOB write without data");
    data = reader.bytes();
  }
  const amount = sendAmount ? reader.ub() : 0;
  return { operation, locators, offset, destinationOffset, data, amount, sendAmount };
}

export class Lobs {
  private readonly lobs = new Map<number, Lob>();
  private lastId = 0;
  private used = 0;

  /** What a locator in a bind stands for; an empty LOB is not null, but the empty string is. */
  content(locator: Buffer | null): string | Buffer | null {
    const { content } = this.find(locator);
    return content.length === 0 && typeof content === "string" ? null : content;
  }

  /** Writes a value of a CLOB or BLOB as a locator. `temporary`: made by PL/SQL, not read from a table. */
  write(writer: Writer, content: string | Buffer, temporary: boolean): void {
    const locator = this.create(content, temporary);
    writer.ub(LOCATOR, content.length, CHUNK_SIZE).bytes(locator);
  }

  /** Answers a request; the caller adds the status. */
  perform(request: LobRequest): Writer {
    const writer = new Writer();
    const { operation, offset, amount, data } = request;
    if (operation === Operation.CREATE_TEMPORARY) {
      const locator = this.create(request.destinationOffset === Type.BLOB ? Buffer.alloc(0) : "", true);
      writer.u8(PARAMETER).raw(locator).ub(873);
      return (request.sendAmount ? writer.ub(amount) : writer).u8(0);
    }
    const lob = this.find(request.locators);
    let answer = amount;
    switch (operation) {
      case Operation.CHUNK_SIZE:
        answer = CHUNK_SIZE;
        break;
      case Operation.LENGTH:
        answer = lob.content.length;
        break;
      case Operation.READ: {
        const piece = slice(lob.content, positive(offset) - 1, offset - 1 + amount);
        writer.u8(LOB_DATA).bytes(typeof piece === "string" ? encodeUtf16(piece) : piece);
        answer = piece.length;
        break;
      }
      case Operation.WRITE:
        this.replace(lob, overwritten(lob.content, positive(offset) - 1, data ?? Buffer.alloc(0)));
        break;
      case Operation.TRIM:
        this.replace(lob, slice(lob.content, 0, amount));
        break;
      default:
        throw unimplemented(`LOB operation 0x${operation.toString(16)}`);
    }
    writer.u8(PARAMETER).raw(request.locators);
    return request.sendAmount ? writer.ub(answer) : writer;
  }

  free(request: LobRequest): void {
    if (request.operation !== Operation.FREE_TEMPORARIES || request.locators.length % LOCATOR !== 0) {
      throw new ProtocolError(`LOB operation 0x${request.operation.toString(16)} before a call`);
    }
    for (let start = 0; start < request.locators.length; start += LOCATOR) {
      const id = request.locators.readUInt32BE(start + 8);
      if (this.lobs.get(id)?.temporary) this.remove(id);
    }
  }

  private create(content: string | Buffer, temporary: boolean): Buffer {
    this.reserve(content.length + OVERHEAD);
    const id = ++this.lastId;
    this.lobs.set(id, { content, temporary });
    const locator = Buffer.alloc(LOCATOR);
    locator.writeUInt16BE(LOCATOR - 2, 0);
    if (temporary) {
      locator[4] = TEMPORARY;
      locator[7] = TEMPORARY;
    }
    if (typeof content === "string") locator[6] = VARIABLE_WIDTH;
    locator.writeUInt32BE(id, 8);
    return locator;
  }

  private find(locator: Buffer | null): Lob {
    const lob = locator?.length === LOCATOR ? this.lobs.get(locator.readUInt32BE(8)) : undefined;
    if (!lob) throw new OracleError(22922, "ORA-22922: nonexistent LOB value");
    return lob;
  }

  private replace(lob: Lob, content: string | Buffer): void {
    // A LOB that was selected is read-only: `FOR UPDATE` of LOBs is not supported.
    if (!lob.temporary) throw new OracleError(22920, "ORA-22920: row containing the LOB value is not locked");
    this.reserve(content.length - lob.content.length);
    lob.content = content;
  }

  /** Makes room by forgetting the LOBs that were read from tables longest ago; temporary ones stay until freed. */
  private reserve(size: number): void {
    for (const [id, lob] of this.lobs) {
      if (this.used + size <= CAPACITY) break;
      if (!lob.temporary) this.remove(id);
    }
    if (this.used + size > CAPACITY) throw outOfSpace();
    this.used += size;
  }

  private remove(id: number): void {
    this.used -= (this.lobs.get(id)?.content.length ?? 0) + OVERHEAD;
    this.lobs.delete(id);
  }
}

function overwritten(content: string | Buffer, start: number, data: Buffer): string | Buffer {
  if (start > CAPACITY) throw outOfSpace();
  if (typeof content === "string") {
    const piece = decodeUtf16(data);
    return content.slice(0, start).padEnd(start) + piece + content.slice(start + piece.length);
  }
  const result = Buffer.alloc(Math.max(content.length, start + data.length));
  content.copy(result);
  data.copy(result, start);
  return result;
}

function slice(content: string | Buffer, start: number, end: number): string | Buffer {
  return typeof content === "string" ? content.slice(start, end) : content.subarray(start, end);
}

function outOfSpace(): OracleError {
  return new OracleError(1652, "ORA-01652: unable to extend temp segment by 128 in tablespace TEMP");
}

function positive(offset: number): number {
  if (offset >= 1) return offset;
  throw new OracleError(24801, "ORA-24801: illegal parameter value in OCI lob function");
}
