import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { keep, kept } from "./kept";

export interface RsaKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let asked = 0;

/**
 * Other RSA keys at each call. Making those of 2,048 bits takes a sixth of a second of processor: where STAND_IN_KEYS names a
 * folder, they are kept in it, and the next process that asks for its first, second, ... gets these.
 */
export function rsaKeys(bits = 2048): RsaKeys {
  const name = `${bits}-${++asked}.pem`;
  const pem = kept(name) ?? keep(name, makeKey(bits));
  return { privateKey: createPrivateKey(pem), publicKey: createPublicKey(pem) };
}

function makeKey(modulusLength: number): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
