import type { Actual, Privilege, Profile } from "../model";
import { byName } from "./desired";
import type { Plan } from "./entries";
import { planBetween } from "./plan";
import { sampleModule, whyNotOurs, withoutSample } from "./sample-api";

/** What a saved script puts back. What it does not name stays as it is. */
export interface Restored {
  /** By name; null deletes it. */
  readonly privileges: ReadonlyMap<string, Privilege | null>;
  /** Null deletes it; undefined leaves it. */
  readonly profile: Profile | null | undefined;
  /** Whether the sample module is there; undefined leaves it. */
  readonly sampleApi: boolean | undefined;
}

/** Leads from what there is to what a script puts back, whoever made it. */
export function planRestore(stack: string, restored: Restored, actual: Actual): Plan {
  const { privileges, profile, sampleApi } = restored;
  const kept = actual.privileges.filter(({ name }) => !privileges.has(name));
  const put = [...privileges.values()].filter((privilege) => privilege !== null);
  const { modules } = withoutSample(actual);
  const hasModule = modules.length < actual.modules.length;
  const notOurs = sampleApi === false ? whyNotOurs(actual) : undefined;
  const plan = planBetween(stack, actual, {
    ...actual,
    privileges: [...kept, ...put].sort(byName),
    profile: profile === undefined ? actual.profile : profile,
    modules:
      sampleApi === undefined || notOurs !== undefined || (sampleApi && hasModule)
        ? actual.modules
        : sampleApi
          ? [...modules, sampleModule]
          : modules,
  });
  return notOurs === undefined ? plan : { ...plan, leaves: [{ what: `module ${sampleModule.name}`, why: notOurs }] };
}
