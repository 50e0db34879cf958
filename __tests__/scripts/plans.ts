import { stripVTControlCharacters } from "node:util";
import { Testing } from "cdktf";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import schema from "../../providers/oci/schema.json";
import { pageOf } from "../../scripts/pages/page";
import { planPage } from "../../scripts/pages/plan";
import { type ViewOptions, viewOf } from "../../scripts/plan-view/build";
import { renderMarkdown } from "../../scripts/plan-view/markdown";
import { renderText } from "../../scripts/plan-view/text";
import type { Planned } from "../../scripts/plan-view/verdict";
import { readPlan, type TerraformPlan } from "../../scripts/terraform/plan";
import { resources } from "../constructs/synthesize";

type Values = Record<string, unknown>;

/** What Terraform says of one resource; `more` is further parts of its change. */
export interface Said {
  readonly type?: string;
  readonly name?: string;
  readonly actions: readonly string[];
  readonly before?: Values | null;
  readonly after?: Values | null;
  readonly more?: object;
}

/** Parts of `terraform show -json PLAN`, read as a command reads them. */
export function terraformPlan(said: readonly Said[], rest: object = {}): TerraformPlan {
  return readPlan({ resource_changes: said.map(saidOf), ...rest } as never);
}

export function saidOf({ type = "oci_identity_domains_app", name = "App_1", actions, before, after, more }: Said) {
  const marks = { after_unknown: {}, before_sensitive: false, after_sensitive: false };
  const change = { actions, before: before ?? null, after: after ?? null, ...marks, ...more };
  return { address: `${type}.${name}`, mode: "managed", type, change };
}

/** The first plan of an environment, as Terraform makes it of what is synthesized: what refers to something is not known yet. */
export function firstPlan(stack: string, input: EnvironmentInput): TerraformPlan {
  const declared = declaredBy(stack, input);
  const changes = declared.map(({ address, type, values }) =>
    changeOf(address, type, { actions: ["create"], before: null, ...known(values) }),
  );
  return planOf(changes, declared);
}

/**
 * The plan from one environment to another with the same resources, as Terraform makes it: what has another of the `fixed` attributes is made
 * anew, and with it what refers to it by one.
 */
export function nextPlan(
  stack: string,
  [old, now]: readonly [EnvironmentInput, EnvironmentInput],
  fixed: readonly string[],
): TerraformPlan {
  const before = new Map(declaredBy(stack, old).map((each) => [each.address, each]));
  const declared = declaredBy(stack, now);
  const anew = new Map<string, string>();
  const refersToAnew = (value: unknown) => [...anew.keys()].some((address) => JSON.stringify(value)?.includes(address));
  for (const { address, values } of inOrder(declared)) {
    const was = before.get(address)!.values;
    const cause = fixed.find(
      (name) => refersToAnew(values[name]) || JSON.stringify(was[name]) !== JSON.stringify(values[name]),
    );
    if (cause) anew.set(address, cause);
  }
  const changes = declared.map(({ address, type, values }) => {
    const cause = anew.get(address);
    const state = (all: Values) => ({ ...(deployed(all) as Values), id: `${address}.id` });
    const was = state(before.get(address)!.values);
    if (cause) {
      const next = known(values, (reference) => refersToAnew(reference));
      const unknowns = { ...(next.after_unknown as Values), id: true };
      return changeOf(address, type, {
        actions: ["delete", "create"],
        before: was,
        ...next,
        after_unknown: unknowns,
        replace_paths: [[cause]],
      });
    }
    const after = state(values);
    const actions = JSON.stringify(was) === JSON.stringify(after) ? ["no-op"] : ["update"];
    return changeOf(address, type, { actions, before: was, after, after_unknown: {} });
  });
  return planOf(changes, declared);
}

interface Declared {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
}

function declaredBy(stack: string, input: EnvironmentInput): Declared[] {
  const all = resources(new OrdsJwtStack(Testing.app(), stack, parseEnvironment(stack, input)));
  return Object.entries(all).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, declaration]) => {
      const { lifecycle: _l, provisioner: _p, depends_on: _d, for_each: each, ...attributes } = declaration;
      const of = (key: string) => ({ address: `${type}.${name}${key && `["${key}"]`}`, type });
      const values = withBlocks(type, attributes);
      if (!each) return [{ ...of(""), values }];
      // What each of them says is what it is there for.
      return Object.entries(each).map(([key, value]) => ({
        ...of(key),
        values: { ...values, triggers_replace: value },
      }));
    }),
  );
}

/** What is referred to before what refers to it. */
function inOrder(declared: readonly Declared[]): Declared[] {
  const done: Declared[] = [];
  const left = [...declared];
  while (left.length > 0) {
    const isReady = ({ values }: Declared) =>
      !left.some(({ address }) => JSON.stringify(values).includes(`${address}.`));
    const at = left.findIndex(isReady);
    if (at < 0) throw new Error("resources refer to each other");
    done.push(...left.splice(at, 1));
  }
  return done;
}

function changeOf(address: string, type: string, change: object) {
  return { address, mode: "managed", type, change: { before_sensitive: false, after_sensitive: {}, ...change } };
}

function planOf(changes: readonly object[], declared: readonly Declared[]): TerraformPlan {
  const configuration = declared.map(({ address, values }) => ({
    address: address.replace(/\[.*/, ""),
    expressions: expressionsOf(values),
  }));
  return readPlan({ resource_changes: changes, configuration: { root_module: { resources: configuration } } } as never);
}

/** The resource types of the provider, as its schema has them. */
export const resourceTypes = Object.entries(Object.values(schema.provider_schemas)[0]!.resource_schemas).map(
  ([type, { block }]) => ({
    type,
    attributes: block.attributes as Record<string, { computed?: boolean }>,
    blocks: Object.keys(block.block_types ?? {}),
  }),
);

/** A block that can be there once only is synthesized as such, and is a list to Terraform. */
function withBlocks(type: string, values: Values): Values {
  const blocks = resourceTypes.find((each) => each.type === type)?.blocks ?? [];
  const listed = (name: string, value: unknown) => (blocks.includes(name) && !Array.isArray(value) ? [value] : value);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, listed(name, value)]));
}

const isReference = (value: unknown) => typeof value === "string" && value.startsWith("${");

function known(value: unknown, isUnknown = isReference): { after: unknown; after_unknown: unknown } {
  if (isReference(value) && isUnknown(value)) return { after: null, after_unknown: true };
  if (typeof value !== "object" || value === null)
    return { after: value === "" ? null : deployed(value), after_unknown: false };
  const members = Object.entries(value).map(([key, member]) => [key, known(member, isUnknown)] as const);
  const side = (name: "after" | "after_unknown") =>
    Array.isArray(value)
      ? members.map(([, each]) => each[name])
      : Object.fromEntries(members.map(([key, each]) => [key, each[name]]));
  return { after: side("after"), after_unknown: side("after_unknown") };
}

/** What is referred to, once it is there. */
function deployed(value: unknown): unknown {
  if (isReference(value) && String(value).endsWith(".url}")) return "https://idcs-1.identity.oraclecloud.com:443";
  if (isReference(value)) return String(value).slice(2, -1);
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deployed(member)]));
}

function expressionsOf(value: unknown): unknown {
  if (isReference(value)) {
    const [attribute = "", resource = ""] = /^\$\{([\w.-]+)\.\w+\}$/.exec(String(value)) ?? [];
    return { references: [attribute, resource] };
  }
  if (typeof value !== "object" || value === null) return { constant_value: value };
  const members = Object.entries(value).map(([key, member]) => [key, expressionsOf(member)] as const);
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

/** As a log would hold it. */
export function asText(planned: Planned, options?: ViewOptions): string {
  return stripVTControlCharacters(renderText(viewOf(planned, options)));
}

export function asMarkdown(planned: Planned, options?: ViewOptions): string {
  return renderMarkdown(viewOf(planned, options));
}

export function asPage(planned: Planned, options?: ViewOptions): string {
  return pageOf(planPage(viewOf(planned, options)), new Date(0));
}
