import oracledb from "oracledb";
import { ConfigurationError, type Environment } from "../environments/environment";

/** Seconds to wait for a connection, milliseconds for one call. */
const connectTimeout = 20;
const callTimeout = 60_000;

/**
 * Logs in to the environment's database for the length of `work`.
 * @throws ConfigurationError when the password's variable is not set, and errors of the driver
 */
export async function withConnection<T>(
  { database }: Environment,
  work: (connection: oracledb.Connection) => Promise<T>,
): Promise<T> {
  const password = process.env[database.passwordVariable];
  if (!password) {
    throw new ConfigurationError(
      `the password of database user ${database.connection.user} is missing: set the environment variable ${database.passwordVariable}`,
    );
  }
  const connection = await oracledb.getConnection({ connectTimeout, ...database.connection, password });
  connection.callTimeout = callTimeout;
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
