/** DATE and TIMESTAMP on the wire: wall-clock fields, which stand in the UTC fields of a `Date` here. */
import { ProtocolError } from "./packets";

/** @param size 7 = DATE, 11 = TIMESTAMP, 13 = TIMESTAMP WITH TIME ZONE (always UTC) */
export function encodeDate(date: Date, size: 7 | 11 | 13): Buffer {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < -4712 || year > 9999) throw new RangeError(`not an Oracle date: ${date}`);
  const bytes = Buffer.alloc(size);
  bytes[0] = Math.trunc(year / 100) + 100;
  bytes[1] = (year % 100) + 100;
  bytes[2] = date.getUTCMonth() + 1;
  bytes[3] = date.getUTCDate();
  bytes[4] = date.getUTCHours() + 1;
  bytes[5] = date.getUTCMinutes() + 1;
  bytes[6] = date.getUTCSeconds() + 1;
  if (size > 7) bytes.writeUInt32BE(date.getUTCMilliseconds() * 1_000_000, 7);
  if (size > 11) {
    bytes[11] = 20;
    bytes[12] = 60;
  }
  return bytes;
}

/** Any of the three sizes. A time zone is dropped: the fields are UTC then. */
export function decodeDate(bytes: Buffer): Date {
  if (![7, 11, 13].includes(bytes.length)) throw new ProtocolError(`date of ${bytes.length} bytes`);
  const [century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  const date = new Date(0);
  date.setUTCFullYear((century - 100) * 100 + year - 100, month - 1, day);
  const milliseconds = bytes.length > 7 ? Math.floor(bytes.readUInt32BE(7) / 1_000_000) : 0;
  date.setUTCHours(hour - 1, minute - 1, second - 1, milliseconds);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCSeconds() !== second - 1) {
    throw new ProtocolError(`date ${bytes.toString("hex")} is invalid`);
  }
  return date;
}
