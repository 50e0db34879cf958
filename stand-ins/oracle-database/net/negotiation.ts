/** What client and server agree on between ACCEPT and the logon. */
import { type Reader, Writer } from "./buffers";
import { ProtocolError } from "./packets";

const Message = { PROTOCOL: 1, DATA_TYPES: 2 } as const;
const BANNER = "Oracle Net stand-in";
/** Message layouts of 12.1: the simplest that the drivers speak. */
const FIELD_VERSION = 7;
const LOGON_TYPES = 0xea;
const UTF8 = 873;
const UTF16 = 2000;
const TIME_ZONES = 1;
const STRINGS_OF_32767_BYTES = 4;
const SIGNED_BYTE = 27;
const UNIVERSAL = 1;

/** What depends on the version of the client. */
export interface Terms {
  /** It exchanges time zones with the data types. */
  readonly timeZone: boolean;
  /** It reads the scale of numbers and timestamps as an integer of variable length, as older ones do. */
  readonly wideScale: boolean;
}

export function readProtocol(reader: Reader): void {
  reader.skip(2);
  while (reader.u8() !== 0);
}

export function protocolReply(): Buffer {
  const compileCapabilities = Buffer.alloc(53);
  compileCapabilities[4] = LOGON_TYPES;
  compileCapabilities[7] = FIELD_VERSION;
  const runtimeCapabilities = Buffer.from([0, TIME_ZONES, 0, 0, 0, 0, STRINGS_OF_32767_BYTES]);
  const writer = new Writer().u8(Message.PROTOCOL, 6, 0).raw(Buffer.from(`${BANNER}\0`));
  writer.u8(UTF8 & 0xff, UTF8 >> 8, 1, 0, 0).u16(11);
  writer.raw(Buffer.alloc(9)).u16(UTF16);
  return writer.bytes(compileCapabilities).bytes(runtimeCapabilities).finish();
}

/** The client's capabilities and its list of types with the form in which it wants each. */
export function readDataTypes(reader: Reader): Terms {
  reader.skip(5);
  reader.bytes();
  const timeZone = ((reader.bytes()?.[1] ?? 0) & TIME_ZONES) !== 0;
  if (timeZone) reader.skip(11);
  let wideScale = false;
  for (let type = reader.u16(); type !== 0; type = reader.u16()) {
    if (reader.u16() === 0) continue;
    const representation = reader.u16();
    reader.skip(2);
    if (type === SIGNED_BYTE) wideScale = representation === UNIVERSAL;
  }
  return { timeZone, wideScale };
}

/** The server's own list of types is empty, and its time zone is UTC. */
export function dataTypesReply({ timeZone }: Terms): Buffer {
  const writer = new Writer().u8(Message.DATA_TYPES);
  if (timeZone) writer.u8(0x80, 0, 0, 0, 60, 60, 60, 0x80, 0, 0, 0);
  return writer.u16(0).finish();
}

const NETWORK_MAGIC = 0xdeadbeef;
const NETWORK_VERSION = 0x13000000;
const NetworkService = { AUTHENTICATION: 1, ENCRYPTION: 2, DATA_INTEGRITY: 3, SUPERVISOR: 4 } as const;
const DataType = { RAW: 1, UB1: 2, UB2: 3, VERSION: 5, STATUS: 6 } as const;
const SUPERVISED = 0x001f;
const NO_AUTHENTICATION = 0xfbff;
const NONE = 0;

/** Native network services: some clients ask for them although ACCEPT says that there are none. */
export function isNetworkServices(request: Buffer): boolean {
  return request.length >= 4 && request.readUInt32BE() === NETWORK_MAGIC;
}

export function readNetworkServices(reader: Reader): void {
  reader.skip(4);
  const length = reader.u16();
  if (length < 13) throw new ProtocolError(`network services of ${length} bytes`);
  reader.skip(length - 6);
}

/** All services answer, and none is chosen: no encryption, no checksums, no authentication but by password. */
export function networkServicesReply(): Buffer {
  const services = [
    NetworkService.SUPERVISOR,
    NetworkService.AUTHENTICATION,
    NetworkService.ENCRYPTION,
    NetworkService.DATA_INTEGRITY,
  ];
  const body = new Writer();
  const service = (number: number, parts: number) => {
    body.u16(number, parts).u32(0).u16(4, DataType.VERSION).u32(NETWORK_VERSION);
  };
  service(NetworkService.SUPERVISOR, 3);
  body.u16(2, DataType.STATUS, SUPERVISED);
  body
    .u16(18, DataType.RAW)
    .u32(NETWORK_MAGIC)
    .u16(DataType.UB2)
    .u32(services.length)
    .u16(...services);
  service(NetworkService.AUTHENTICATION, 2);
  body.u16(2, DataType.STATUS, NO_AUTHENTICATION);
  for (const number of [NetworkService.ENCRYPTION, NetworkService.DATA_INTEGRITY]) {
    service(number, 2);
    body.u16(1, DataType.UB1).u8(NONE);
  }
  const bytes = body.finish();
  const head = new Writer()
    .u32(NETWORK_MAGIC)
    .u16(13 + bytes.length)
    .u32(NETWORK_VERSION);
  return head.u16(services.length).u8(0).raw(bytes).finish();
}
