import type { Actual, Desired, Module, Privilege } from "../model";
import { hasPoolProfile } from "../version";
import { type Claim, Coverage, claimedToo, claimOf } from "./coverage";
import { type Endpoint, endpointsOf } from "./endpoints";

/** What will not fail and yet may not work as meant, once `desired` is there beside what others made. */
export function warningsFor(
  desired: Desired,
  foreign: readonly Privilege[],
  actual: Actual,
  writesProfile: boolean,
): string[] {
  const { modules, ordsVersion, schema } = actual;
  const coverage = new Coverage([...desired.privileges, ...foreign], modules);
  const endpoints = modules.flatMap(endpointsOf);
  const [own, others] = [desired.privileges.map(claimOf), foreign.map(claimOf)];
  return [
    ...own.flatMap((claim, index) => [
      ...others.flatMap((other) => sharedWith(claim, other, endpoints, foreignName)),
      ...own.slice(index + 1).flatMap((other) => sharedWith(claim, other, endpoints, ownName)),
    ]),
    ...modules.flatMap((module) => openPart(module, coverage)),
    ...(writesProfile && hasPoolProfile(ordsVersion)
      ? [
          `with security.jwt.profile.mode=POOL, ORDS ignores the JWT profile of schema ${schema}: callers may be locked out (401), none gets in without a token. SQL cannot see the mode; ords config get security.jwt.profile.mode shows it`,
        ]
      : []),
  ];
}

const ownName = ({ name }: Privilege) => `scope ${name}`;
const foreignName = ({ name }: Privilege) => `privilege ${name}, which this stack did not make`;

/** ORDS asks for every privilege on a resource or for any of them: nobody outside knows. */
function sharedWith(
  claim: Claim,
  claimedBy: Claim,
  endpoints: readonly Endpoint[],
  called: (privilege: Privilege) => string,
): string[] {
  const shared = claimedToo(claim, claimedBy, endpoints);
  if (shared.length === 0) return [];
  const [privilege, other] = [claim.privilege, claimedBy.privilege];
  const claimed = [
    ...other.modules.map((name) => `module ${name}`),
    ...other.patterns.map((pattern) => `pattern ${pattern}`),
  ];
  return [
    `${few(shared)} of scope ${privilege.name} ${shared.length > 1 ? "are" : "is"} also claimed by ${called(other)} (${few(claimed)}): a token may need both, and then one alone answers 401`,
  ];
}

/** What anyone may call of a module. */
function openPart({ name, basePath }: Module, coverage: Coverage): string[] {
  const endpoints = coverage.endpoints(name);
  const open = endpoints.filter((endpoint) => coverage.exposureOf(endpoint) === "public");
  const perhaps = endpoints.filter((endpoint) => coverage.exposureOf(endpoint) === "perhaps");
  if (open.length === endpoints.length) return [`module ${name} (${basePath}) has no privilege: anyone may call it`];
  const parts = [
    ...(open.length > 0 ? [`anyone may call ${few(open.map(({ path }) => path))}`] : []),
    ...(perhaps.length > 0
      ? [
          `no privilege protects ${few(perhaps.flatMap((endpoint) => coverage.openAreas(endpoint)).map(({ start }) => start))}, and whether ORDS answers there is not documented`,
        ]
      : []),
  ];
  return parts.length === 0 ? [] : [`module ${name} (${basePath}) is protected in part: ${parts.join("; ")}`];
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
