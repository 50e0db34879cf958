/** The O5LOGON password exchange with the 12c verifier: both sides prove the password, and it never travels in clear. */
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

export const VERIFIER_12C = 0x4815;
/** Of a verifier that Oracle makes. */
const ORACLE_ROUNDS = 4096;
export const KEY_ROUNDS = 3;

const ZERO_VECTOR = Buffer.alloc(16);

/** What is kept of a password. */
export interface Verifier {
  /** 16 bytes, sent to the client. */
  readonly salt: Buffer;
  /** 64 bytes: the proof. */
  readonly speedyKey: Buffer;
  /** 32 bytes: encrypts the session keys. */
  readonly hash: Buffer;
}

export function createVerifier(password: string, salt: Buffer, rounds = ORACLE_ROUNDS): Verifier {
  const seed = Buffer.concat([salt, Buffer.from("AUTH_PBKDF2_SPEEDY_KEY")]);
  const speedyKey = pbkdf2Sync(Buffer.from(password, "utf8"), seed, rounds, 64, "sha512");
  const hash = createHash("sha512").update(speedyKey).update(salt).digest().subarray(0, 32);
  return { salt, speedyKey, hash };
}

/** One logon attempt. The random parts can be given for tests. */
export class Challenge {
  constructor(
    private readonly verifier: Verifier,
    private readonly serverKey: Buffer = randomBytes(32),
    /** 16 bytes, sent to the client. */
    readonly keySalt: Buffer = randomBytes(16),
  ) {}

  /** The server's half of the session key, encrypted, as hexadecimal text. */
  get sessionKey(): string {
    return hex(encrypt(this.verifier.hash, this.serverKey));
  }

  /**
   * Checks the client's answer.
   *
   * @param sessionKey the client's half of the session key, encrypted, hexadecimal
   * @param speedyKey the client's proof, encrypted, hexadecimal
   * @returns the server's own proof as hexadecimal text, or `undefined` when the password is wrong
   */
  verify(sessionKey: string, speedyKey: string): string | undefined {
    if (!/^[\dA-F]{64}$/i.test(sessionKey) || !/^[\dA-F]{160}$/i.test(speedyKey)) return undefined;
    const clientKey = decrypt(this.verifier.hash, Buffer.from(sessionKey, "hex"));
    const halves = hex(Buffer.concat([clientKey, this.serverKey]));
    const key = pbkdf2Sync(halves, this.keySalt, KEY_ROUNDS, 32, "sha512");
    const proof = decrypt(key, Buffer.from(speedyKey, "hex")).subarray(16);
    if (!timingSafeEqual(proof, this.verifier.speedyKey)) return undefined;
    return hex(encrypt(key, Buffer.concat([randomBytes(16), Buffer.from("SERVER_TO_CLIENT")])));
  }
}

export function hex(bytes: Buffer): string {
  return bytes.toString("hex").toUpperCase();
}

function encrypt(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-cbc", key, ZERO_VECTOR).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decrypt(key: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-cbc", key, ZERO_VECTOR).setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}
