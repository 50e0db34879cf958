import type oracledb from "oracledb";
import { ownPackages, VersionError } from "../version";

/** The version of ORDS, read alone: of one that is too old, nothing else can be read. */
export async function installedVersion(connection: oracledb.Connection): Promise<string> {
  const { rows } = await connection.execute<[string]>("SELECT ords.installed_version FROM dual");
  return String(rows?.[0]?.[0]);
}

/** What is wrong with a version that has no JWT profiles; undefined for one that has. */
export function whyTooOld(version: string): string | undefined {
  try {
    ownPackages(version);
    return undefined;
  } catch (error) {
    if (error instanceof VersionError) return error.message;
    throw error;
  }
}
