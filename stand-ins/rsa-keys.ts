import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface RsaKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const folder = process.env.STAND_IN_KEYS;
let asked = 0;

/**
 * Other RSA keys of 2,048 bits at each call. Making them takes a sixth of a second of processor: where STAND_IN_KEYS names a
 * folder, they are kept in it, and the next process that asks for its first, second, ... gets these.
 */
export function rsaKeys(): RsaKeys {
  if (!folder) return generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = join(folder, `${++asked}.pem`);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    // Others find the whole of it or nothing.
    const whole = `${file}-${randomUUID()}`;
    writeFileSync(whole, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    renameSync(whole, file);
  }
  const pem = readFileSync(file);
  return { privateKey: createPrivateKey(pem), publicKey: createPublicKey(pem) };
}
