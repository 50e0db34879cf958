/** The calls of a client that has logged on. */
import type { Session } from "../database";
import { Reader, Writer } from "./buffers";
import type { Call, Phase } from "./calls";
import { unimplemented } from "./errors";
import { readExecute } from "./execute";
import { Lobs, readLobRequest } from "./lobs";
import type { Terms } from "./negotiation";
import { ProtocolError } from "./packets";
import { readPiggyback } from "./piggybacks";
import { writeStatus } from "./replies";
import { Statements } from "./statements";

const Message = { FUNCTION: 3, PIGGYBACK: 17 } as const;
const FunctionCode = {
  REEXECUTE: 4,
  FETCH: 5,
  LOGOFF: 9,
  COMMIT: 14,
  ROLLBACK: 15,
  REEXECUTE_AND_FETCH: 78,
  EXECUTE: 94,
  LOB_OP: 96,
  PING: 147,
} as const;
const COMMIT_AFTER_REEXECUTE = 0x1;

export class SessionPhase implements Phase {
  private readonly lobs = new Lobs();
  private readonly statements: Statements;
  private isOpen = true;

  constructor(
    private readonly session: Session,
    terms: Terms,
  ) {
    this.statements = new Statements(session, this.lobs, terms);
  }

  get inTransaction(): boolean {
    return this.isOpen && this.session.inTransaction;
  }

  /** Ends the session, and rolls back; once only. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.session.close();
  }

  parse(request: Buffer): Call {
    if (!this.isOpen) throw new ProtocolError("request after the session has ended");
    const reader = new Reader(request);
    const before: (() => void)[] = [];
    let message = reader.u8();
    for (; message === Message.PIGGYBACK; message = reader.u8()) before.push(readPiggyback(reader, this.parts()));
    if (message !== Message.FUNCTION) throw new ProtocolError(`unsupported message ${message}`);
    const code = reader.u8();
    reader.skip(1);
    const call = this.parseFunction(code, reader);
    return {
      ...call,
      run: () => {
        for (const action of before) action();
        return call.run();
      },
    };
  }

  private parts() {
    return { session: this.session, statements: this.statements, lobs: this.lobs };
  }

  private parseFunction(code: number, reader: Reader): Call {
    switch (code) {
      case FunctionCode.EXECUTE: {
        const request = readExecute(reader);
        const sql = request.sql ?? this.sqlOf(request.cursorId);
        return { name: "EXECUTE", sql, run: this.statements.parseExecute(request, reader) };
      }
      case FunctionCode.REEXECUTE:
      case FunctionCode.REEXECUTE_AND_FETCH:
        return this.parseReexecute(code === FunctionCode.REEXECUTE_AND_FETCH, reader);
      case FunctionCode.FETCH: {
        const cursorId = reader.ub();
        const rows = reader.ub();
        return { name: "FETCH", sql: this.sqlOf(cursorId), run: () => this.statements.fetch(cursorId, rows) };
      }
      case FunctionCode.LOB_OP: {
        const request = readLobRequest(reader);
        return { name: "LOB_OP", run: () => this.withStatus(this.lobs.perform(request)) };
      }
      case FunctionCode.COMMIT:
        return this.simple("COMMIT", () => this.session.commit());
      case FunctionCode.ROLLBACK:
        return this.simple("ROLLBACK", () => this.session.rollback());
      case FunctionCode.PING:
        return this.simple("PING", () => {});
      case FunctionCode.LOGOFF:
        return this.simple("LOGOFF", () => this.close());
      default:
        return {
          name: "UNKNOWN",
          run() {
            throw unimplemented(`function ${code}`);
          },
        };
    }
  }

  private parseReexecute(andFetch: boolean, reader: Reader): Call {
    const cursorId = reader.ub();
    const count = reader.ub();
    reader.ub();
    const commit = (reader.ub() & COMMIT_AFTER_REEXECUTE) !== 0;
    return {
      name: andFetch ? "REEXECUTE_AND_FETCH" : "REEXECUTE",
      sql: this.sqlOf(cursorId),
      run: this.statements.parseReexecute(cursorId, { count, commit, andFetch }, reader),
    };
  }

  private simple(name: Call["name"], action: () => void): Call {
    return {
      name,
      run: () => {
        action();
        return this.withStatus(new Writer());
      },
    };
  }

  private withStatus(writer: Writer): Buffer {
    writeStatus(writer, this.inTransaction);
    return writer.finish();
  }

  private sqlOf(cursorId: number): string | undefined {
    return this.statements.cursors.find(cursorId)?.sql;
  }
}
