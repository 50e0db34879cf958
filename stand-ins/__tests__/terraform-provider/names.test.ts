import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { apiName } from "../../terraform-provider/names";
import { requestOnly } from "../../terraform-provider/resources";
import { attributesOf, type Block, blocksOf, type CtyType } from "../../terraform-provider/schema";
import { providerSchema } from "./oci-provider";
import recorded from "./recorded-traffic.json";

/** Names that a schema node gives to the API, with its inner nodes. */
interface Node {
  [name: string]: Node | null;
}

function nodeOfBlock(block: Block): Node {
  return {
    ...Object.fromEntries(attributesOf(block).map(([name, { type }]) => [name, nodeOfType(type)])),
    ...Object.fromEntries(blocksOf(block).map(([name, nested]) => [name, nodeOfBlock(nested.block)])),
  };
}

function nodeOfType(type: CtyType): Node | null {
  if (typeof type === "string") return null;
  const [kind, inner] = type;
  if (kind !== "object") return nodeOfType(inner);
  return Object.fromEntries(Object.entries(inner).map(([name, t]) => [name, nodeOfType(t)]));
}

/** The models of Oracle's SDK: per type, the JSON names with the type of each. */
function sdkModels(): Map<string, Map<string, string>> {
  const folder = join(dirname(require.resolve("oci-identitydomains")), "lib", "model");
  const models = new Map<string, Map<string, string>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".d.ts"))) {
    const [, name, members] =
      /export interface (\w+)[^{]*\{([\s\S]*?)\n\}/.exec(readFileSync(join(folder, file), "utf8")) ?? [];
    if (!name || !members) continue;
    const types = new Map([...members.matchAll(/^\s+"?(\w+)"?\??: (.*);/gm)].map((m) => [m[1] ?? "", m[2] ?? ""]));
    // The names of the JSON differ from those of the SDK where its code says so.
    const code = readFileSync(join(folder, file.replace(".d.ts", ".js")), "utf8");
    for (const [, json = "", member = ""] of code.matchAll(/"(urn:[^"]+|\$ref)": obj\.(\w+)/g)) {
      types.set(json, types.get(member) ?? "");
      types.delete(member);
    }
    models.set(name, types);
  }
  return models;
}

const models = sdkModels();

function unknownNames(node: Node, model: string, path: string): string[] {
  const types = models.get(model);
  if (!types) return [`${path}: the SDK has no ${model}`];
  return Object.entries(node).flatMap(([name, inner]) => {
    const type = types.get(apiName(name));
    if (type === undefined) return [`${path}.${name}: ${model} has no ${apiName(name)}`];
    return inner ? unknownNames(inner, /model\.(\w+)/.exec(type)?.[1] ?? type, `${path}.${name}`) : [];
  });
}

const types = [
  ["oci_identity_domains_app", "App"],
  ["oci_identity_domains_grant", "Grant"],
  ["oci_identity_domains_group", "Group"],
  ["oci_identity_domains_setting", "Setting"],
  ["oci_identity_domains_user", "User"],
] as const;

test.each(types)("gives every attribute of %s the name that Oracle's SDK has for it", (typeName, model) => {
  const node = nodeOfBlock(providerSchema.resource(typeName));
  for (const name of [...requestOnly, "timeouts"]) delete node[name];
  expect(Object.keys(node).length).toBeGreaterThan(15);
  expect(unknownNames(node, model, typeName)).toEqual([]);
});

test("names the attributes of the data source as those of the resource", () => {
  const node = nodeOfBlock(providerSchema.dataSource("oci_identity_domains_setting"));
  for (const name of requestOnly) delete node[name];
  expect(unknownNames(node, "Setting", "data")).toEqual([]);
});

/** JSON names in recorded bodies that no attribute of the schema has. */
function unmatched(json: unknown, node: Node, path: string): string[] {
  if (Array.isArray(json)) return json.flatMap((element) => unmatched(element, node, path));
  if (typeof json !== "object" || json === null) return [];
  const byApiName = new Map(Object.entries(node).map(([name, inner]) => [apiName(name), inner]));
  return Object.entries(json).flatMap(([name, value]) => {
    const inner = byApiName.get(name);
    if (inner === undefined) return [`${path}.${name}`];
    return inner ? unmatched(value, inner, `${path}.${name}`) : [];
  });
}

const collections = [
  ["Apps", "oci_identity_domains_app"],
  ["Grants", "oci_identity_domains_grant"],
  ["Groups", "oci_identity_domains_group"],
  ["Settings", "oci_identity_domains_setting"],
  ["Users", "oci_identity_domains_user"],
] as const;

test.each(collections)("has an attribute for every name in the recorded traffic of %s", (collection, typeName) => {
  const node = nodeOfBlock(providerSchema.resource(typeName));
  // The trial server that answered wrote this one without its dollar sign.
  const bodies = JSON.parse(JSON.stringify(recorded[collection]).replaceAll('"ref":', '"$ref":'));
  expect(Object.values(bodies).flatMap((body) => unmatched(body, node, collection))).toEqual([]);
});
