import oracledb from "oracledb";

type Driver = typeof oracledb;

/** Versions of the driver between which what travels has changed. */
export const drivers: [client: string, driver: Driver][] = [
  ["oracledb 26.0.0", oracledb],
  ["oracledb 7.0.1", require("oracledb-7") as Driver],
  ["oracledb 6.10.0", require("oracledb-6.10") as Driver],
  ["oracledb 6.0.3", require("oracledb-6.0") as Driver],
];

/** True when the driver has what came with this version, for example `since(oracledb, 6, 6)`. */
export function since({ versionString }: Driver, major: number, minor = 0): boolean {
  const [ofDriver = 0, minorOfDriver = 0] = versionString.split(".").map(Number);
  return ofDriver > major || (ofDriver === major && minorOfDriver >= minor);
}

/** Before 6.4 a driver knows it and does not show it. */
export function isInTransaction(connection: oracledb.Connection): boolean {
  const { _impl } = connection as unknown as { _impl: { _protocol: { txnInProgress: boolean | number } } };
  return connection.transactionInProgress ?? Boolean(_impl._protocol.txnInProgress);
}

export function serviceName(connection: oracledb.Connection): string | undefined {
  return connection.serviceName ?? (connection as unknown as { _impl: { serviceName: string } })._impl.serviceName;
}
