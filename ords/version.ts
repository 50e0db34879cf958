/** Names the package for JWT profiles. There is no feature test: an internal ORDS_SECURITY exists since 23.2. */
export type SecurityPackage = "ORDS_SECURITY" | "OAUTH";

/** First releases with a feature, as year * 100 + quarter. */
const first = { jwtProfiles: 2303, ordsSecurity: 2403, roleClaim: 2501 };

/**
 * The package that creates JWT profiles in this version of ORDS: `ORDS_SECURITY` from 24.3, `OAUTH` from 23.3.
 * @param version as `ords.installed_version` gives it, for example `24.4.1.r0381713`
 * @throws Error when the version is older than 23.3 or cannot be read
 */
export function securityPackage(version: string): SecurityPackage {
  const release = releaseOf(version);
  if (release >= first.ordsSecurity) return "ORDS_SECURITY";
  if (release >= first.jwtProfiles) return "OAUTH";
  throw new Error(`ORDS ${version} has no JWT profiles: upgrade to 23.3 or later`);
}

/** Whether a profile can go by roles. */
export function hasRoleClaim(version: string): boolean {
  return releaseOf(version) >= first.roleClaim;
}

function releaseOf(version: string): number {
  const match = /^(\d+)\.(\d+)\./.exec(version);
  if (!match) throw new Error(`cannot read the ORDS version "${version}": expected something like 24.4.1.r0381713`);
  return Number(match[1]) * 100 + Number(match[2]);
}
