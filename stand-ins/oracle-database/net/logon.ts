/** From ACCEPT to a session: negotiation, then the password exchange. */
import { createHmac, randomBytes } from "node:crypto";
import { type Account, type Database, OracleError, type Session } from "../database";
import { Reader, Writer } from "./buffers";
import type { Call, Phase } from "./calls";
import { MAX_OPEN_CURSORS } from "./cursors";
import { unimplemented } from "./errors";
import {
  dataTypesReply,
  isNetworkServices,
  networkServicesReply,
  protocolReply,
  readDataTypes,
  readNetworkServices,
  readProtocol,
  type Terms,
} from "./negotiation";
import { Challenge, createVerifier, hex, KEY_ROUNDS, VERIFIER_12C } from "./o5logon";
import { ProtocolError } from "./packets";
import { writeParameters, writeStatus, writeWarning } from "./replies";

const Message = { PROTOCOL: 1, DATA_TYPES: 2, FUNCTION: 3 } as const;
const FunctionCode = { AUTH1: 118, AUTH2: 115 } as const;
const MODE_PASSWORD = 0x101;
/** Oracle says 4,096: two milliseconds of each side, to make guessing dear. Nobody guesses passwords here. */
const VERIFIER_ROUNDS = 16;
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
  onSession(session: Session, terms: Terms): void;
}

export class Logon implements Phase {
  readonly inTransaction = false;
  private step = 0;
  private terms: Terms = { timeZone: false, wideScale: false };
  private challenge: Challenge | undefined;
  private account: Account | undefined;

  constructor(private readonly context: LogonContext) {}

  parse(request: Buffer): Call {
    const reader = new Reader(request);
    if (this.step === 0 && isNetworkServices(request)) {
      readNetworkServices(reader);
      return { name: "NETWORK_SERVICES", run: networkServicesReply };
    }
    const message = reader.u8();
    if (this.step === 0 && message === Message.PROTOCOL) {
      readProtocol(reader);
      return this.nextStep({ name: "PROTOCOL", run: protocolReply });
    }
    if (this.step === 1 && message === Message.DATA_TYPES) {
      this.terms = readDataTypes(reader);
      return this.nextStep({ name: "DATA_TYPES", run: () => dataTypesReply(this.terms) });
    }
    const code = message === Message.FUNCTION ? reader.u8() : undefined;
    reader.skip(1);
    if (this.step === 2 && code === FunctionCode.AUTH1) {
      const auth = readAuth(reader);
      return this.nextStep({ name: "AUTH1", run: () => this.sendChallenge(auth) });
    }
    if (this.step === 3 && code === FunctionCode.AUTH2) {
      const auth = readAuth(reader);
      return this.nextStep({ name: "AUTH2", run: () => this.logOn(auth) });
    }
    // Also a logon without password (token or external): those start with the second step.
    throw new ProtocolError(`message ${message}, function ${code} in step ${this.step + 1} of the logon`);
  }

  private nextStep(call: Call): Call {
    this.step += 1;
    return call;
  }

  private sendChallenge({ user, mode }: AuthRequest): Buffer {
    if (mode !== MODE_PASSWORD) throw new OracleError(1031, "ORA-01031: insufficient privileges");
    this.account = this.context.database.account(user);
    const salt = createHmac("sha256", saltSecret).update(user).digest().subarray(0, 16);
    // Unknown users get a challenge that no password answers.
    this.challenge = new Challenge(
      createVerifier(this.account?.password ?? hex(randomBytes(16)), salt, VERIFIER_ROUNDS),
    );
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

  private logOn({ values }: AuthRequest): Buffer {
    const proof = this.challenge?.verify(values.get("AUTH_SESSKEY") ?? "", values.get("AUTH_PBKDF2_SPEEDY_KEY") ?? "");
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
    this.context.onSession(session, this.terms);
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
    if (this.account.warning) writeWarning(writer, this.account.warning);
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
