/** Messages that travel before a call and get no reply of their own. */
import type { Session } from "../database";
import type { Reader } from "./buffers";
import { type Lobs, readLobRequest } from "./lobs";
import { ProtocolError } from "./packets";
import type { Statements } from "./statements";

const Piggyback = {
  LOB_OP: 96,
  CLOSE_CURSORS: 105,
  CANCEL_CURSORS: 120,
  SET_END_TO_END: 135,
  SET_SCHEMA: 152,
} as const;

/** Reads one piggyback; the action is for later, when the call itself runs. */
export function readPiggyback(
  reader: Reader,
  { session, statements, lobs }: { session: Session; statements: Statements; lobs: Lobs },
): () => void {
  const code = reader.u8();
  reader.skip(1);
  switch (code) {
    case Piggyback.CLOSE_CURSORS: {
      const ids = readIds(reader);
      return () => {
        for (const id of ids) statements.cursors.close(id);
      };
    }
    case Piggyback.CANCEL_CURSORS: {
      const ids = readIds(reader);
      return () => {
        for (const id of ids) statements.cursors.get(id).rows = undefined;
      };
    }
    case Piggyback.LOB_OP: {
      const request = readLobRequest(reader);
      return () => lobs.free(request);
    }
    case Piggyback.SET_SCHEMA: {
      reader.skip(1);
      const schema = reader.sizedText();
      return () => void session.execute(`ALTER SESSION SET CURRENT_SCHEMA = ${sqlName(schema)}`, []);
    }
    case Piggyback.SET_END_TO_END:
      skipEndToEnd(reader);
      return () => {};
    default:
      // It has no length, so what follows cannot be found.
      throw new ProtocolError(`unsupported piggyback ${code}`);
  }
}

function readIds(reader: Reader): number[] {
  reader.skip(1);
  return reader.many(reader.ub(), () => reader.ub());
}

/** Module, action, client id and the like: labels for views that the engine does not have. */
function skipEndToEnd(reader: Reader): void {
  reader.skip(2);
  reader.ub();
  const lengths: number[] = [];
  const label = () => {
    reader.skip(1);
    lengths.push(reader.ub());
  };
  const unused = () => {
    reader.skip(1);
    reader.ub();
  };
  for (let i = 0; i < 4; i++) label();
  unused();
  label();
  unused();
  unused();
  label();
  for (const length of lengths) if (length > 0) reader.bytes();
}

function sqlName(name: string): string {
  if (/^\p{L}[\p{L}\d_$#]*$/u.test(name)) return name;
  const quoted = /^"?([^"\0]+)"?$/.exec(name);
  if (!quoted) throw new ProtocolError(`invalid schema name in a piggyback`);
  return `"${quoted[1]}"`;
}
