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
  const declared = resources(new OrdsJwtStack(Testing.app(), stack, parseEnvironment(stack, input)));
  const changes: unknown[] = [];
  const configuration: { address: string; expressions: unknown }[] = [];
  for (const [type, named] of Object.entries(declared)) {
    for (const [name, declaration] of Object.entries(named)) {
      const { lifecycle: _l, provisioner: _p, depends_on: _d, for_each: each, ...attributes } = declaration;
      const values = withBlocks(type, attributes);
      const address = `${type}.${name}`;
      const keys = each ? Object.keys(each).map((key) => `["${key}"]`) : [""];
      const change = {
        actions: ["create"],
        before: null,
        ...known(values),
        before_sensitive: false,
        after_sensitive: {},
      };
      for (const key of keys) changes.push({ address: address + key, mode: "managed", type, change });
      configuration.push({ address, expressions: expressionsOf(values) });
    }
  }
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

function known(value: unknown): { after: unknown; after_unknown: unknown } {
  if (isReference(value)) return { after: null, after_unknown: true };
  if (typeof value !== "object" || value === null) return { after: value === "" ? null : value, after_unknown: false };
  const members = Object.entries(value).map(([key, member]) => [key, known(member)] as const);
  const side = (name: "after" | "after_unknown") =>
    Array.isArray(value)
      ? members.map(([, each]) => each[name])
      : Object.fromEntries(members.map(([key, each]) => [key, each[name]]));
  return { after: side("after"), after_unknown: side("after_unknown") };
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
