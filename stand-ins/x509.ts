/** The library that makes certificates, ready for use. It takes a tenth of a second to load: import it when one is to be made. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { cryptoProvider } from "@peculiar/x509";

cryptoProvider.set(webcrypto);

export * from "@peculiar/x509";
