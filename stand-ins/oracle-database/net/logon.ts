/** From ACCEPT to a session: negotiation of the protocol and of the data types, then the password exchange. */
import { createHmac, randomBytes } from "node:crypto";
import { type Account, type Database, OracleError, type Session } from "../database";
import { Reader, Writer } from "./buffers";
import type { Call, Phase } from "./calls";
import { MAX_OPEN_CURSORS } from "./cursors";
import { unimplemented } from "./errors";
import { Challenge, createVerifier, hex, KEY_ROUNDS, VERIFIER_12C, VERIFIER_ROUNDS } from "./o5logon";
import { ProtocolError } from "./packets";
import { writeParameters, writeStatus } from "./replies";

const Message = { PROTOCOL: 1, DATA_TYPES: 2, FUNCTION: 3 } as const;
const FunctionCode = { AUTH1: 118, AUTH2: 115 } as const;
const BANNER = "Oracle Net stand-in";
/** Message layouts of 12.1: the simplest that the driver speaks. */
const FIELD_VERSION = 7;
const UTF8 = 873;
const UTF16 = 2000;
const MODE_PASSWORD = 0x101;
/** The version that the client is told: 19.0. */
const VERSION = 19 << 24;

/** Salts look the same for users that exist and users that do not, and differ between runs. */
const saltSecret = randomBytes(32);

interface AuthRequest {
  readonly user: string;
  readonly mode: number;
  readonly values: Map<string, string>;
}

export interface LogonContext {
  readonly database: Database;
  readonly service: string;
  /** The number of the connection, which becomes the session id. */
  readonly sessionId: number;
  /** Takes the session over, once logged on. */
  onSession(session: Session): void;
}

export class Logon implements Phase {
  readonly inTransaction = false;
  private step = 0;
  private challenge: Challenge | undefined;
  private account: Account | undefined;

  constructor(private readonly context: LogonContext) {}

  parse(request: Buffer): Call {
    const reader = new Reader(request);
    const step = this.step++;
    const message = reader.u8();
    if (step === 0 && message === Message.PROTOCOL) return { name: "PROTOCOL", run: protocolReply };
    if (step === 1 && message === Message.DATA_TYPES) return { name: "DATA_TYPES", run: dataTypesReply };
    const code = message === Message.FUNCTION ? reader.u8() : undefined;
    reader.skip(1);
    if (step === 2 && code === FunctionCode.AUTH1) {
      const auth = readAuth(reader);
      return { name: "AUTH1", run: () => this.sendChallenge(auth) };
    }
    if (step === 3 && code === FunctionCode.AUTH2) {
      const auth = readAuth(reader);
      return { name: "AUTH2", run: () => this.logOn(auth) };
    }
    // Also a logon without password (token or external): those start with the second step.
    throw new ProtocolError(`message ${message}, function ${code} in step ${step + 1} of the logon`);
  }

  private async sendChallenge({ user, mode }: AuthRequest): Promise<Buffer> {
    if (mode !== MODE_PASSWORD) throw new OracleError(1031, "ORA-01031: insufficient privileges");
    this.account = this.context.database.account(user);
    // Unknown users get a challenge that no password answers.
    const password = this.account?.password ?? hex(randomBytes(16));
    const salt = createHmac("sha256", saltSecret).update(user).digest().subarray(0, 16);
    this.challenge = new Challenge(await createVerifier(password, salt));
    const writer = new Writer();
    writeParameters(writer, [
      ["AUTH_SESSKEY", this.challenge.sessionKey],
      ["AUTH_VFR_DATA", hex(salt), VERIFIER_12C],
      ["AUTH_PBKDF2_CSK_SALT", hex(this.challenge.keySalt)],
      ["AUTH_PBKDF2_VGEN_COUNT", String(VERIFIER_ROUNDS)],
      ["AUTH_PBKDF2_SDER_COUNT", String(KEY_ROUNDS)],
    ]);
    writeStatus(writer, false);
    return writer.finish();
  }

  private async logOn({ values }: AuthRequest): Promise<Buffer> {
    const proof = await this.challenge?.verify(
      values.get("AUTH_SESSKEY") ?? "",
      values.get("AUTH_PBKDF2_SPEEDY_KEY") ?? "",
    );
    if (!this.account || proof === undefined) {
      throw new OracleError(1017, "ORA-01017: invalid username/password; logon denied");
    }
    for (const key of ["AUTH_NEWPASSWORD", "AUTH_ORA_EDITION", "AUTH_APPCTX_NSPACE\0", "AUTH_ORA_DEBUG_JDWP"]) {
      if (values.has(key)) throw unimplemented(key.replace("\0", ""));
    }
    const proxyClient = values.get("PROXY_CLIENT_NAME");
    const { database, service, sessionId } = this.context;
    const session = database.openSession(
      this.account.name,
      proxyClient === undefined ? undefined : identifier(proxyClient),
    );
    this.context.onSession(session);
    const alterSession = values.get("AUTH_ALTER_SESSION")?.replace(/\0$/, "");
    if (alterSession) session.execute(alterSession, []);
    const writer = new Writer();
    writeParameters(writer, [
      ["AUTH_SVR_RESPONSE", proof],
      ["AUTH_VERSION_NO", String(VERSION)],
      ["AUTH_SESSION_ID", String(sessionId)],
      ["AUTH_SERIAL_NUM", "1"],
      ["AUTH_DBNAME", service],
      ["AUTH_SC_DBUNIQUE_NAME", service],
      ["AUTH_SC_SERVICE_NAME", service],
      ["AUTH_INSTANCENAME", service],
      ["AUTH_MAX_OPEN_CURSORS", String(MAX_OPEN_CURSORS)],
      ["AUTH_MAX_IDEN_LENGTH", "128"],
    ]);
    writeStatus(writer, session.inTransaction);
    return writer.finish();
  }
}

function readAuth(reader: Reader): AuthRequest {
  const hasUser = reader.u8() === 1;
  reader.ub();
  const mode = reader.ub();
  reader.skip(1);
  const pairs = reader.ub();
  reader.skip(2);
  const user = hasUser ? identifier(reader.text()) : "";
  const entries = reader.many(pairs, (): [string, string] => {
    const entry: [string, string] = [reader.sizedText(), reader.sizedText()];
    reader.ub();
    return entry;
  });
  return { user, mode, values: new Map(entries) };
}

/** A name as the dictionary has it: upper case unless it was quoted. */
function identifier(text: string): string {
  const quoted = /^"([^"]+)"$/.exec(text.trim());
  return quoted?.[1] ?? text.trim().toUpperCase();
}

function protocolReply(): Buffer {
  const compileCapabilities = Buffer.alloc(53);
  compileCapabilities[7] = FIELD_VERSION;
  const runtimeCapabilities = Buffer.from([0, 1 /* time zones */, 0, 0, 0, 0, 4 /* strings up to 32767 bytes */]);
  const writer = new Writer().u8(Message.PROTOCOL, 6, 0).raw(Buffer.from(`${BANNER}\0`));
  writer.u8(UTF8 & 0xff, UTF8 >> 8, 1, 0, 0, 0, 11);
  writer.raw(Buffer.alloc(9)).u8(UTF16 >> 8, UTF16 & 0xff);
  return writer.bytes(compileCapabilities).bytes(runtimeCapabilities).finish();
}

/** The client's list of types is not needed; the server's is empty, and its time zone is UTC. */
function dataTypesReply(): Buffer {
  return Buffer.from([Message.DATA_TYPES, 0x80, 0, 0, 0, 60, 60, 60, 0x80, 0, 0, 0, 0, 0]);
}
