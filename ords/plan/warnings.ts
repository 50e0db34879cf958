import type { Actual, Desired, Module, Privilege } from "../model";
import { hasPoolProfile } from "../version";
import { Claims, Coverage, type Shared } from "./coverage";
import { Endpoints } from "./endpoints";

/** What will not fail and yet may not work as meant, once `desired` is there beside what others made. */
export function warningsFor(
  desired: Desired,
  foreign: readonly Privilege[],
  actual: Actual,
  writesProfile: boolean,
): string[] {
  const { modules, ordsVersion, schema } = actual;
  const all = [...foreign, ...desired.privileges];
  const endpoints = new Endpoints(modules);
  const coverage = new Coverage(all, endpoints);
  const claims = new Claims(all, endpoints);
  return [
    ...desired.privileges.flatMap((privilege, position) => {
      const own = foreign.length + position;
      // Two scopes of the stack are one warning, in the place of the first.
      return claims
        .sharedOf(own)
        .filter(({ index }) => index < foreign.length || index > own)
        .map((shared) => alsoClaimed(privilege, shared, shared.index < foreign.length));
    }),
    ...modules.flatMap((module) => openPart(module, coverage)),
    ...(writesProfile && hasPoolProfile(ordsVersion)
      ? [
          `with security.jwt.profile.mode=POOL, ORDS ignores the JWT profile of schema ${schema}: only the pool's profile says whose tokens are let in. SQL cannot see the mode; ords config get security.jwt.profile.mode shows it`,
        ]
      : []),
  ];
}

/** ORDS asks for every privilege on a resource or for any of them: nobody outside knows. */
function alsoClaimed(privilege: Privilege, { other, resources }: Shared, isForeign: boolean): string {
  const name = isForeign ? `privilege ${other.name}, which this stack did not make` : `scope ${other.name}`;
  const claimed = [
    ...other.modules.map((module) => `module ${module}`),
    ...other.patterns.map((pattern) => `pattern ${pattern}`),
  ];
  return `${few(resources)} of scope ${privilege.name} ${resources.length > 1 ? "are" : "is"} also claimed by ${name} (${few(claimed)}): a token may need both, and then one alone answers 401`;
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
