import fc from "fast-check";
import type { Actual, Desired, Module, Privilege } from "../../../ords/model";
import { ownershipMarker } from "../../../ords/ownership";
import { isInSync, type Plan } from "../../../ords/plan/entries";
import { planBetween, planRegister, planUnregister } from "../../../ords/plan/plan";
import { type Protection, protectionOf } from "../../../ords/plan/protection";
import { requireAllowed } from "../../../ords/plan/refusals";
import { desired, registered } from "../hello";
import { isClosedByPattern, mayAnyoneCall } from "../ords-model";
import { callablePaths, openModules, openPatterns } from "../states";

const moduleNames = openModules.map(({ name }) => name);

const privilege = (name: string, comments: string | null): fc.Arbitrary<Privilege> =>
  fc
    .record({
      modules: fc.subarray(moduleNames, { maxLength: 2 }),
      patterns: fc.subarray([...openPatterns], { maxLength: 3 }),
    })
    .map((named) => ({ ...desired.privileges[0]!, name, comments, ...named }));

const some = (names: string[], comments: string | null) =>
  fc.subarray(names).chain((chosen) => fc.tuple(...chosen.map((name) => privilege(name, comments))));

const ours = some(["a", "b"], ownershipMarker("test"));
const theirs = some(["x", "y"], "by hand");
const modules: fc.Arbitrary<readonly Module[]> = fc
  .subarray([...openModules])
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((each) =>
        fc.subarray([...each.templates], { minLength: 1 }).map((templates): Module => ({ ...each, templates })),
      ),
    ),
  );

const actuals: fc.Arbitrary<Actual> = fc
  .record({ modules, ours, theirs })
  .map(({ modules, ours, theirs }) => ({ ...registered, modules, privileges: [...ours, ...theirs] }));

/** Most of what is there, and perhaps something more: what differs by all of it is refused anyway. */
const changed = (privileges: readonly Privilege[]): fc.Arbitrary<Privilege[]> =>
  fc
    .record({
      dropped: fc.constantFrom("nothing", ...privileges.flatMap((each) => [...each.modules, ...each.patterns])),
      added: fc.subarray([...openPatterns], { maxLength: 1 }),
    })
    .map(({ dropped, added }) =>
      privileges.map((each, index) => ({
        ...each,
        modules: each.modules.filter((name) => name !== dropped),
        patterns: [...each.patterns.filter((name) => name !== dropped), ...(index === 0 ? added : [])],
      })),
    );

/** Asks for modules that exist. */
const wantedIn = (actual: Actual): fc.Arbitrary<Desired> =>
  fc.oneof(changed(actual.privileges.filter(({ comments }) => comments !== "by hand")), ours).map((privileges) => ({
    ...desired,
    privileges: privileges.map((each) => ({
      ...each,
      modules: each.modules.filter((name) => actual.modules.some((module) => module.name === name)),
    })),
  }));

const cases = actuals.chain((actual) => fc.tuple(fc.constant(actual), wantedIn(actual)));

const isRefused = (plan: Plan) => {
  try {
    requireAllowed(plan, { adopt: true });
    return false;
  } catch {
    return true;
  }
};

/** What a schema holds once a plan has been carried out. */
function after(plan: Plan, actual: Actual): Actual {
  const changed = new Map(plan.entries.filter(({ kind }) => kind === "privilege").map((each) => [each.name, each]));
  const kept = actual.privileges.filter(({ name }) => !changed.has(name));
  return {
    ...actual,
    privileges: [...kept, ...[...changed.values()].flatMap((each) => (each.after as Privilege) ?? [])],
  };
}

/** Paths for which a token was needed and is needed no more. */
function openedBetween(before: Actual, then: Actual): string[] {
  return callablePaths.filter(
    (path) => mayAnyoneCall(path, then) && (!mayAnyoneCall(path, before) || isClosedByPattern(path, before)),
  );
}

function expectNothingOpened(plan: Plan, before: Actual, then: Actual): void {
  if (!isRefused(plan)) expect(openedBetween(before, then)).toEqual([]);
}

test("whatever a register would open is refused without --expose", () => {
  fc.assert(
    fc.property(cases, ([actual, wanted]) => {
      const plan = planRegister(wanted, actual);
      expectNothingOpened(plan, actual, after(plan, actual));
    }),
    { numRuns: 300 },
  );
});

test("whatever a restored script would open is refused without --expose", () => {
  fc.assert(
    fc.property(
      actuals.chain((actual) => fc.tuple(fc.constant(actual), changed(actual.privileges))),
      ([actual, privileges]) => {
        const then = { ...actual, privileges };
        expectNothingOpened(planBetween("test", actual, then), actual, then);
      },
    ),
    { numRuns: 300 },
  );
});

test("unregister opens nothing without --expose", () => {
  fc.assert(
    fc.property(actuals, (actual) => {
      const plan = planUnregister("test", actual);
      expect(isRefused(plan)).toBe(false);
      expectNothingOpened(plan, actual, after(plan, actual));
    }),
    { numRuns: 300 },
  );
});

test("a plan names every module of which anyone may call anything, in sync or not", () => {
  fc.assert(
    fc.property(cases, ([actual, wanted]) => {
      const plan = planRegister(wanted, actual);
      const then = after(plan, actual);
      const unnamed = then.modules
        .filter(({ name }) => !plan.warnings.some((warning) => warning.startsWith(`module ${name} (`)))
        .filter((module) => callablePaths.some((path) => mayAnyoneCall(path, { ...then, modules: [module] })));
      expect(unnamed).toEqual([]);
      expect(isInSync(planRegister(wanted, then))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("what is shown as now protected needs a token afterwards", () => {
  fc.assert(
    fc.property(cases, ([actual, wanted]) => {
      const plan = planRegister(wanted, actual);
      const then = after(plan, actual);
      for (const resource of plan.entries.flatMap(({ nowProtected }) => nowProtected)) {
        const [, name] = /^(?:module|.* of module) (\S+)$/.exec(resource) ?? [];
        const [, template] = /^template (\S+)/.exec(resource) ?? [];
        const module = then.modules.find((each) => each.name === name);
        if (!module) continue;
        const shown =
          template === undefined
            ? module.templates
            : module.templates.filter((each) => template.endsWith(each === "." ? "/" : `/${each}`));
        const alone = { ...then, modules: [{ ...module, templates: shown }] };
        expect(callablePaths.filter((path) => mayAnyoneCall(path, alone))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("a URL that verify and doctor call protected is not one that anyone may call", () => {
  fc.assert(
    fc.property(actuals, fc.constantFrom(...callablePaths), (actual, path) => {
      const found = protectionOf(`https://h/ords/${actual.basePath}${path}`, actual);
      const access = "reason" in found ? "unknown" : (found as Protection).access;
      if (access === "protected") expect(mayAnyoneCall(path, actual)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
