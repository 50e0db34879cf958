/** CONNECT, ACCEPT and REFUSE: which service the client asks for, and on which terms. */
import { MAX_PACKET, type Packet, PacketType, ProtocolError, packet } from "./packets";

/** 4-byte packet lengths, and neither fast authentication nor end-of-response flags. */
const VERSION = 317;
const NO_NETWORK_SERVICES = 0x0c;

export interface ConnectRequest {
  readonly version: number;
  /** Session data unit: the largest packet the client takes, in bytes. */
  readonly sdu: number;
  /** Length of the connect text in bytes. */
  readonly textLength: number;
  /** The connect text, unless the client sends it in a packet of its own. */
  readonly text?: string;
}

export function parseConnect({ bytes }: Packet): ConnectRequest {
  if (bytes.length < 74) throw new ProtocolError(`CONNECT packet of ${bytes.length} bytes, expected at least 74`);
  const sdu = bytes.readUInt32BE(58);
  if (sdu < 512 || sdu > MAX_PACKET) throw new ProtocolError(`SDU ${sdu}, allowed are 512 to ${MAX_PACKET}`);
  const textLength = bytes.readUInt16BE(24);
  const offset = bytes.readUInt16BE(26);
  const text = offset + textLength <= bytes.length ? bytes.toString("latin1", offset, offset + textLength) : undefined;
  return { version: bytes.readUInt16BE(8), sdu, textLength, text };
}

/** The listener's answer to a connect text: the service, or the ORA error number of the refusal. */
export function chooseService(
  request: ConnectRequest,
  text: string,
  serviceNames: readonly string[],
): { service: string } | { refused: number } {
  if (request.version < VERSION) return { refused: 12618 };
  const data = parseDescriptor(text).get("CONNECT_DATA");
  if (!(data instanceof Map)) return { refused: 12504 };
  const serviceName = data.get("SERVICE_NAME");
  const sid = data.get("SID");
  const wanted = serviceName ?? sid;
  if (typeof wanted !== "string") return { refused: 12504 };
  const service = serviceNames.find((name) => name.toUpperCase() === wanted.toUpperCase());
  if (service === undefined) return { refused: serviceName === undefined ? 12505 : 12514 };
  // Only dedicated servers: no connection broker (DRCP, POOLED) runs here.
  const server = data.get("SERVER");
  if (server !== undefined && String(server).toUpperCase() !== "DEDICATED") return { refused: 12520 };
  return { service };
}

export function acceptPacket(sdu: number): Buffer {
  const body = Buffer.alloc(33);
  const oldSdu = Math.min(sdu, 65_535);
  body.writeUInt16BE(VERSION, 0);
  body.writeUInt16BE(oldSdu, 4);
  body.writeUInt16BE(oldSdu, 6);
  body.writeUInt16BE(1, 8);
  body.writeUInt16BE(41, 12);
  body.writeUInt8(NO_NETWORK_SERVICES, 14);
  body.writeUInt8(NO_NETWORK_SERVICES, 15);
  body.writeUInt32BE(sdu, 24);
  body.writeUInt32BE(sdu, 28);
  return packet(PacketType.ACCEPT, body, false);
}

export function refusePacket(error: number): Buffer {
  const text = `(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=${error})(ERROR_STACK=(ERROR=(CODE=${error})(EMFI=4))))`;
  const head = Buffer.alloc(4);
  head.writeUInt8(0x22, 0);
  head.writeUInt16BE(text.length, 2);
  return packet(PacketType.REFUSE, Buffer.concat([head, Buffer.from(text, "latin1")]), false);
}

type Node = string | Map<string, Node>;

/** Reads `(KEY=value)` and `(KEY=(K=v)(K=v))`; gives the keys below the outermost one. The first of equal keys wins. */
export function parseDescriptor(text: string): Map<string, Node> {
  let position = 0;
  const fail = () => new ProtocolError(`connect text is not a descriptor at position ${position}`);
  const skipSpace = () => {
    while (/\s/.test(text.charAt(position))) position++;
  };
  const list = (depth: number): Map<string, Node> => {
    if (depth > 10) throw fail();
    const entries = new Map<string, Node>();
    for (skipSpace(); text.charAt(position) === "("; skipSpace()) {
      const equals = text.indexOf("=", position);
      if (equals < 0) throw fail();
      const key = text
        .slice(position + 1, equals)
        .trim()
        .toUpperCase();
      position = equals + 1;
      skipSpace();
      let value: Node;
      if (text.charAt(position) === "(") {
        value = list(depth + 1);
      } else {
        const end = text.indexOf(")", position);
        if (end < 0) throw fail();
        value = text.slice(position, end).trim();
        position = end;
      }
      if (text.charAt(position) !== ")") throw fail();
      position++;
      if (!entries.has(key)) entries.set(key, value);
    }
    return entries;
  };
  const outer = [...list(0).values()][0];
  return outer instanceof Map ? outer : new Map();
}
