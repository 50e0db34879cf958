import { setTimeout as sleep } from "node:timers/promises";
import type oracledb from "oracledb";
import { ConfigurationError } from "../config/configuration-error";
import type { Environment } from "../config/environment";
import { isDriverError, LoginError, mayPass } from "../ords/database/errors";
import { wrongPort } from "./port";
import { describe, OutsideError } from "./terminal/failure";
import { askSecret } from "./terminal/prompt";
import { keepPassword, passwordIn, remember } from "./terminal/secrets";
import type { Terminal } from "./terminal/terminal";

// Loaded with the first login: what is wrong before it is said sooner.
const driver = () => require("oracledb") as typeof oracledb;

/** Seconds to wait for a connection, milliseconds for one call. */
const connectTimeout = 20;
const callTimeout = 60_000;
/** Seconds to wait before each further try to log in to a database that is starting. */
const retryAfter = [1, 2, 4];

/**
 * Logs in to the environment's database for the length of `work`.
 * @throws ConfigurationError when a password is missing, and errors of the driver
 */
export async function withConnection<T>(
  { database }: Pick<Environment, "database">,
  terminal: Terminal,
  work: (connection: oracledb.Connection) => Promise<T>,
): Promise<T> {
  const connection = await logIn(await withSecrets(database, terminal), terminal);
  connection.callTimeout = callTimeout;
  // For the DBA who looks at V$SESSION.
  connection.module = "ords-jwt";
  try {
    return await work(connection);
  } finally {
    // What was to be done is done or has failed by now; that the session cannot be ended politely changes neither.
    await connection.close().catch(() => {});
  }
}

/** @throws LoginError once waiting is of no use */
async function logIn(attributes: oracledb.ConnectionAttributes, terminal: Terminal): Promise<oracledb.Connection> {
  for (let tries = 0; ; tries++) {
    try {
      const connection = await driver().getConnection(attributes);
      // Of a password that will expire soon: that is no reason to fail.
      if (connection.warning) terminal.error(`warning: ${describe(connection.warning)}`);
      return connection;
    } catch (error) {
      const seconds = retryAfter[tries];
      if (seconds === undefined || !mayPass(error)) {
        if (!isDriverError(error)) throw error;
        // Behind a proxy the port is not for us to ask.
        const found = attributes.httpsProxy
          ? undefined
          : await wrongPort(error.message, String(attributes.connectString));
        throw new LoginError(error, found);
      }
      terminal.error(`database not ready (${error.code}): trying again in ${seconds} s`);
      await sleep(seconds * 1000);
    }
  }
}

/**
 * Asks for the passwords of these environments that no variable holds, each once. Where there is nobody to ask, who needs one fails by itself.
 * @throws OutsideError when the person interrupts
 */
export async function askPasswords(
  environments: readonly Pick<Environment, "database">[],
  terminal: Terminal,
): Promise<void> {
  if (!terminal.stdin.isTTY) return;
  for (const { database } of environments) {
    const { connection, passwordVariable, walletPasswordVariable } = database;
    const ask = async (name: string, what: string) => {
      if (!passwordIn(name)) keepPassword(name, await askSecret(what, terminal));
    };
    if (!connection.externalAuth) await ask(passwordVariable ?? account(connection), ofUser(connection));
    if (walletPasswordVariable) await ask(walletPasswordVariable, `password of the wallet (${walletPasswordVariable})`);
  }
}

type Connection = Environment["database"]["connection"];

/** By what a password is kept that has no variable. */
function account({ user, connectString }: Connection): string {
  return `${user}@${connectString}`;
}

function ofUser(connection: Connection): string {
  return `password of database user ${account(connection)}`;
}

async function withSecrets(
  database: Environment["database"],
  terminal: Terminal,
): Promise<oracledb.ConnectionAttributes> {
  const { connection, passwordVariable, walletPasswordVariable } = database;
  if (connection.tokenAuthConfigOci) loadTokenPlugin();
  const password = connection.externalAuth
    ? {}
    : {
        password: await secret(
          passwordVariable,
          `password of database user ${connection.user}`,
          terminal,
          account(connection),
        ),
      };
  const walletPassword = walletPasswordVariable
    ? { walletPassword: await secret(walletPasswordVariable, "password of the wallet", terminal) }
    : {};
  return { connectTimeout, ...connection, ...password, ...walletPassword };
}

async function secret(
  variable: string | undefined,
  what: string,
  terminal: Terminal,
  otherwise?: string,
): Promise<string> {
  const name = variable ?? otherwise;
  const set = name === undefined ? undefined : passwordIn(name);
  const value = set || (terminal.stdin.isTTY && (await askSecret(what, terminal)));
  if (value) {
    remember(value);
    return value;
  }
  throw new ConfigurationError(
    variable === undefined
      ? `the ${what} is missing: name its variable as passwordVariable in the environment file, or run this in a terminal to be asked`
      : `the ${what} is missing: set the environment variable ${variable}`,
  );
}

/** Makes the driver understand `tokenAuthConfigOci`. */
function loadTokenPlugin(): void {
  try {
    require("oracledb/plugins/token/extensionOci");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new OutsideError(
      "tokenAuthConfigOci needs one more package of Oracle: run npm install oci-identitydataplane",
    );
  }
}
