/** The packet layer of Oracle Net (TNS): framing in both directions. */

export const PacketType = { CONNECT: 1, ACCEPT: 2, REFUSE: 4, DATA: 6, MARKER: 12 } as const;
export const Marker = { BREAK: 1, RESET: 2, INTERRUPT: 3 } as const;
export const DataFlag = { EOF: 0x0040, END_OF_REQUEST: 0x0800 } as const;

/** Largest packet of the protocol, in bytes. */
export const MAX_PACKET = 2_097_152;
const HEADER = 8;

/** The client sent something that is not Oracle Net, or not in this place. The connection cannot go on. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** A request that ends before it is complete: perhaps more of it is to come. */
export class TruncatedError extends ProtocolError {
  override name = "TruncatedError";
}

export interface Packet {
  readonly type: number;
  /** The whole packet; the body starts at offset 8. */
  readonly bytes: Buffer;
}

/** Cuts a byte stream into packets. */
export class PacketReader {
  /** Lengths have two bytes until the server accepts the connection, then four. */
  wideLengths = false;
  /** Longest packet to take, in bytes: small until the client has logged on. */
  limit = 65_535;
  private pending: Buffer = Buffer.alloc(0);

  /** Complete packets, one by one, so that `wideLengths` may change between two of them. */
  *push(chunk: Buffer): Generator<Packet> {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= HEADER) {
      const length = this.wideLengths ? this.pending.readUInt32BE(0) : this.pending.readUInt16BE(0);
      if (length < HEADER || length > this.limit) {
        throw new ProtocolError(`packet length ${length}, allowed are ${HEADER} to ${this.limit}`);
      }
      if (this.pending.length < length) return;
      const bytes = this.pending.subarray(0, length);
      this.pending = this.pending.subarray(length);
      yield { type: bytes.readUInt8(4), bytes };
    }
  }
}

/** One packet. `wideLengths` as in {@link PacketReader}. */
export function packet(type: number, body: Buffer, wideLengths: boolean): Buffer {
  const header = Buffer.alloc(HEADER);
  const length = HEADER + body.length;
  if (wideLengths) header.writeUInt32BE(length, 0);
  else header.writeUInt16BE(length, 0);
  header.writeUInt8(type, 4);
  return Buffer.concat([header, body]);
}

/** A response cut into DATA packets of at most `sdu` bytes each. */
export function dataPackets(payload: Buffer, sdu: number): Buffer[] {
  const room = sdu - HEADER - 2;
  const packets: Buffer[] = [];
  for (let start = 0; start < payload.length; start += room) {
    const flags = Buffer.alloc(2);
    packets.push(packet(PacketType.DATA, Buffer.concat([flags, payload.subarray(start, start + room)]), true));
  }
  return packets;
}

export function markerPacket(kind: number): Buffer {
  return packet(PacketType.MARKER, Buffer.from([1, 0, kind]), true);
}
