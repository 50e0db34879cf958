/** One connection: packets in, replies out, and breaks in between. */
import type { Socket } from "node:net";
import { type Database, OracleError } from "../database";
import { Writer } from "./buffers";
import type { Call, FunctionName, Phase } from "./calls";
import { acceptPacket, type ConnectRequest, chooseService, parseConnect, refusePacket } from "./connect";
import { Logon } from "./logon";
import {
  DataFlag,
  dataPackets,
  MAX_PACKET,
  Marker,
  markerPacket,
  type Packet,
  PacketReader,
  PacketType,
  ProtocolError,
  TruncatedError,
} from "./packets";
import { writeOutcome } from "./replies";
import { SessionPhase } from "./session";

const MAX_REQUEST_BEFORE_LOGON = 65_535;
const MAX_REQUEST = 32 * 1024 * 1024;
/** What a client does not split between packets, in bytes. */
const LONGEST_ITEM = 16;
/** Replies that may wait for a client that does not read them, in bytes. */
const MAX_UNREAD = 64 * 1024 * 1024;

/** A request of a client, before it is run. */
export interface RequestInfo {
  /** Number of the connection, from 1, in the order in which they came in. */
  readonly connection: number;
  /** Number of the request in its connection, from 1; CONNECT is the first. */
  readonly index: number;
  readonly name: FunctionName;
  /** The statement that is executed or fetched. */
  readonly sql?: string;
}

/** `cut` ends the connection before the request is run, `cut-reply` after it was run, without a reply. */
export type Verdict = "cut" | "cut-reply" | undefined;

interface Reply {
  readonly packets: Buffer[];
  /** The connection ends after this reply. */
  readonly isLast?: boolean;
}

export interface ConnectionContext {
  readonly database: Database;
  readonly number: number;
  /** Milliseconds that a client has to log on. */
  readonly logonTimeout: number;
  readonly onRequest?: (info: RequestInfo) => Verdict | Promise<Verdict>;
}

export class Connection {
  private readonly reader = new PacketReader();
  private phase: Phase | undefined;
  private session: SessionPhase | undefined;
  /** A CONNECT whose text is still to come. */
  private incomplete: ConnectRequest | undefined;
  private sdu = 0;
  private requests = 0;
  /** The client marks the last packet of each request. */
  private marksRequests = false;
  private gathered: Buffer[] = [];
  private gatheredBytes = 0;
  /** Stands for the request that is being worked on; a break takes it away. */
  private current: object | undefined;
  /** The client has interrupted, and has not yet sent its RESET. */
  private isBroken = false;
  private readonly logonTimer: NodeJS.Timeout;

  constructor(
    private readonly socket: Socket,
    private readonly context: ConnectionContext,
  ) {
    socket.setNoDelay(true);
    this.logonTimer = setTimeout(() => socket.destroy(), context.logonTimeout).unref();
    socket.on("data", (chunk) => this.receive(chunk));
    // A client that goes away is no failure of the server; `close` follows.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(this.logonTimer);
      this.current = undefined;
      this.session?.close();
    });
  }

  private receive(chunk: Buffer): void {
    try {
      for (const packet of this.reader.push(chunk)) {
        if (this.socket.writableEnded || this.socket.destroyed) return;
        if (!this.phase) this.takeConnect(packet);
        else if (packet.type === PacketType.MARKER) this.takeMarker(packet);
        else if (packet.type === PacketType.DATA) this.takeData(packet, this.phase);
        else throw new ProtocolError(`unexpected packet of type ${packet.type}`);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private takeConnect(packet: Packet): void {
    if (this.current) throw new ProtocolError("packet before CONNECT was answered");
    if (!this.incomplete) {
      if (packet.type !== PacketType.CONNECT) throw new ProtocolError(`first packet has type ${packet.type}`);
      const request = parseConnect(packet);
      if (request.text === undefined) this.incomplete = request;
      else this.connect(request, request.text);
      return;
    }
    const text = packet.bytes.toString("latin1", 10);
    if (packet.type !== PacketType.DATA || text.length !== this.incomplete.textLength) {
      throw new ProtocolError(`packet of type ${packet.type} with ${text.length} bytes instead of the connect text`);
    }
    this.connect(this.incomplete, text);
  }

  private connect(request: ConnectRequest, text: string): void {
    const { database, number: sessionId } = this.context;
    const choice = chooseService(request, text, database.serviceNames);
    void this.serve({ name: "CONNECT" }, () => {
      if ("refused" in choice) return { packets: [refusePacket(choice.refused)], isLast: true };
      this.sdu = request.sdu;
      this.reader.wideLengths = true;
      this.phase = new Logon({
        database,
        service: choice.service,
        sessionId,
        onSession: (session, terms) => {
          this.session = new SessionPhase(session, terms);
          if (this.socket.destroyed) this.session.close();
        },
      });
      return { packets: [acceptPacket(request.sdu)] };
    });
  }

  private takeMarker({ bytes }: Packet): void {
    const kind = bytes.length === 11 ? bytes.readUInt8(10) : undefined;
    if (!this.session || (kind !== Marker.BREAK && kind !== Marker.INTERRUPT && kind !== Marker.RESET)) {
      throw new ProtocolError(`unexpected marker ${kind}`);
    }
    if (kind !== Marker.RESET) {
      // The reply to whatever runs now, and every request until RESET, is dropped.
      if (!this.isBroken) this.write([markerPacket(Marker.BREAK)]);
      this.isBroken = true;
      this.current = undefined;
      this.clear();
      return;
    }
    if (!this.isBroken) throw new ProtocolError("RESET without a break");
    this.isBroken = false;
    const cancelled = new OracleError(1013, "ORA-01013: user requested cancel of current operation");
    this.write([markerPacket(Marker.RESET), ...this.errorPackets(cancelled)]);
  }

  private takeData({ bytes }: Packet, phase: Phase): void {
    if (bytes.length < 10) throw new ProtocolError(`DATA packet of ${bytes.length} bytes`);
    const flags = bytes.readUInt16BE(8);
    if (flags & DataFlag.EOF) this.socket.destroySoon();
    if (flags & DataFlag.EOF || this.isBroken) return;
    if (this.current) throw new ProtocolError("request before the one before it was answered");
    this.gathered.push(bytes.subarray(10));
    this.gatheredBytes += bytes.length;
    const limit = this.session ? MAX_REQUEST : MAX_REQUEST_BEFORE_LOGON;
    if (this.gatheredBytes > limit) throw new ProtocolError(`request of more than ${limit} bytes`);
    if (this.socket.writableLength > MAX_UNREAD) throw new ProtocolError("client does not read its replies");
    const isLast = (flags & DataFlag.END_OF_REQUEST) !== 0;
    this.marksRequests ||= isLast;
    if (this.marksRequests && !isLast) return;
    // A client that does not mark the last packet of a request goes on only after a full one.
    const mayGoOn = !isLast && bytes.length > this.sdu - LONGEST_ITEM;
    const call = this.parse(phase, mayGoOn);
    if (!call) return;
    this.clear();
    void this.serve(call, () => this.answer(call));
  }

  /** `undefined` when the request is not complete and may go on. */
  private parse(phase: Phase, mayGoOn: boolean): Call | undefined {
    try {
      return phase.parse(Buffer.concat(this.gathered));
    } catch (error) {
      if (mayGoOn && error instanceof TruncatedError) return undefined;
      throw error;
    }
  }

  private clear(): void {
    this.gathered = [];
    this.gatheredBytes = 0;
  }

  private async answer(call: Call): Promise<Reply> {
    try {
      const reply = await call.run();
      if (call.name === "AUTH2" && this.session) {
        this.phase = this.session;
        this.reader.limit = MAX_PACKET;
        clearTimeout(this.logonTimer);
      }
      return { packets: dataPackets(reply, this.sdu) };
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      // Not ORA-00600: that one makes the client hide the text and leave.
      const failure =
        error instanceof OracleError ? error : new OracleError(7445, `ORA-07445: exception encountered: ${error}`);
      return { packets: this.errorPackets(failure), isLast: this.phase !== this.session };
    }
  }

  private async serve(
    { name, sql }: { name: FunctionName; sql?: string },
    work: () => Reply | Promise<Reply>,
  ): Promise<void> {
    const token = {};
    this.current = token;
    try {
      const { onRequest, number: connection } = this.context;
      const verdict = await onRequest?.({ connection, index: ++this.requests, name, sql });
      if (this.current !== token) return;
      if (verdict === "cut") return void this.socket.destroy();
      const { packets, isLast } = await work();
      if (this.current !== token) return;
      if (verdict === "cut-reply") return void this.socket.destroy();
      this.current = undefined;
      this.write(packets);
      if (isLast) this.socket.destroySoon();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the connection; a client that was accepted is told why. */
  private fail(error: unknown): void {
    this.current = undefined;
    if (this.phase) {
      const reason = error instanceof Error ? error.message : String(error);
      const failure = new OracleError(3106, `ORA-03106: fatal two-task communication protocol error: ${reason}`);
      this.write(this.errorPackets(failure));
      this.socket.destroySoon();
    } else {
      this.socket.destroy();
    }
  }

  private errorPackets({ number, message, offset }: OracleError): Buffer[] {
    const writer = new Writer();
    const inTransaction = this.phase?.inTransaction ?? false;
    writeOutcome(writer, { inTransaction, error: { number, message, offset } });
    return dataPackets(writer.finish(), this.sdu);
  }

  private write(packets: Buffer[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(packets));
  }
}
