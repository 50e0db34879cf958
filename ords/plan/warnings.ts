import type { Actual, Desired, Privilege } from "../model";
import { hasPoolProfile } from "../version";
import { Coverage, moduleResource, protectedBy } from "./coverage";

/** What will not fail and yet may not work as meant, once `desired` is there beside what others made. */
export function warningsFor(desired: Desired, foreign: readonly Privilege[], actual: Actual): string[] {
  const { modules, ordsVersion, schema } = actual;
  const owners = new Map<string, string>();
  for (const privilege of desired.privileges) {
    for (const { kind, name } of protectedBy(privilege, modules)) owners.set(`${kind} ${name}`, privilege.name);
  }
  const shared = foreign.flatMap((privilege) =>
    protectedBy(privilege, modules).flatMap(({ kind, name }) => {
      const owner = owners.get(`${kind} ${name}`);
      return owner === undefined
        ? []
        : [
            `${kind} ${name} of scope ${owner} is also claimed by privilege ${privilege.name}, which this stack did not make: a token may need both`,
          ];
    }),
  );
  const coverage = new Coverage([...desired.privileges, ...foreign], modules);
  const open = modules.filter((module) => !coverage.covers(moduleResource(module)));
  return [
    ...shared,
    ...open.map(({ name, basePath }) => `module ${name} (${basePath}) has no privilege: anyone may call it`),
    ...(hasPoolProfile(ordsVersion)
      ? [
          `ORDS ${ordsVersion} can be set up with one JWT profile for a whole pool (security.jwt.profile.mode=POOL); then the one of schema ${schema} is ignored, and SQL cannot see that`,
        ]
      : []),
  ];
}
