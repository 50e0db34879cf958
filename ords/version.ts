import { Failure } from "../errors";
import type { Actual, Packages } from "./model";

/** First releases with a feature, as year * 100 + quarter. */
export const first = { jwtProfiles: 2303, ordsSecurity: 2403, dbaViews: 2404, roleClaim: 2501, poolProfile: 2502 };

/** What this version of ORDS needs is not there; the message says what to do. */
export class VersionError extends Failure {
  readonly code = "ords-version";
}

/**
 * The packages for a schema's own session: `ORDS_SECURITY` from 24.3, `OAUTH` from 23.3. There is no feature test: an
 * internal ORDS_SECURITY exists since 23.2.
 * @param version as `ords.installed_version` gives it, for example `24.4.1.r0381713`
 * @throws VersionError when the version is older than 23.3 or cannot be read
 */
export function ownPackages(version: string): Packages {
  const release = releaseOf(version);
  if (release >= first.ordsSecurity) return { ords: "ORDS", security: "ORDS_SECURITY" };
  if (release >= first.jwtProfiles) return { ords: "ORDS", security: "OAUTH" };
  throw new VersionError(`ORDS ${version} has no JWT profiles: upgrade to 23.3 or later`);
}

/**
 * The packages with which an administrator works on the schema of somebody else.
 * @throws VersionError before 24.4, which brought the views to read it first
 */
export function administratorPackages(version: string, schema: string): Packages {
  if (releaseOf(version) >= first.dbaViews) return { ords: "ORDS_ADMIN", security: "ORDS_SECURITY_ADMIN", schema };
  throw new VersionError(
    `ORDS ${version} shows a schema's privileges to nobody else (the DBA_ORDS_* views came with 24.4): log in as ${schema}`,
  );
}

/** The packages that change what was read: those of the schema itself, or of an administrator. */
export function packagesFor({ ordsVersion, user, schema }: Actual): Packages {
  return user === schema ? ownPackages(ordsVersion) : administratorPackages(ordsVersion, schema);
}

/** Whether a profile can be role-based. */
export function hasRoleClaim(version: string): boolean {
  return releaseOf(version) >= first.roleClaim;
}

/** Whether ORDS can be set up with one profile for a whole pool, in place of those of its schemas. */
export function hasPoolProfile(version: string): boolean {
  return releaseOf(version) >= first.poolProfile;
}

function releaseOf(version: string): number {
  const match = /^(\d+)\.(\d+)(\.|$)/.exec(version);
  if (!match)
    throw new VersionError(`cannot read the ORDS version "${version}": expected something like 24.4.1.r0381713`);
  return Number(match[1]) * 100 + Number(match[2]);
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
