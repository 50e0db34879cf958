import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../config/environment";
import { stackTag } from "../../config/words";
import { withFileErrors, writePrivateFile } from "../../private-folder";
import { type Oci, ociMessage, type TaggedCollection } from "../oci/client";
import { outputsIfDeployed } from "./outputs";
import { managedResources, type StateResource } from "./state";
import { stackFolder } from "./terraform";

/**
 * Something that carries the stack's tag, or is granted by an app that does, and that the state does not know of: a run was killed
 * between the service's answer and the state.
 */
export interface Orphan {
  /** For a person: `app orders-api (ID)`. */
  readonly what: string;
  readonly collection: TaggedCollection | "Domains" | "Grants";
  readonly id: string;
  /** URL of the domain that holds it; its own of a domain. */
  readonly endpoint: string;
  /** The resource of the stack that it is; undefined when none is declared, or another thing is in its place. */
  readonly address: string | undefined;
}

/** Where a stack's things are. */
export type Whereabouts = Pick<Environment, "domain" | "existingDomain">;

interface Declared {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Resource type, and the attribute that a thing is recognized by. */
const types = {
  Users: { type: "oci_identity_domains_user", name: "user_name", word: "user" },
  Groups: { type: "oci_identity_domains_group", name: "display_name", word: "group" },
  Apps: { type: "oci_identity_domains_app", name: "display_name", word: "app" },
} as const satisfies Record<TaggedCollection, object>;

/** What the stack made and does not know of. The stack is synthesized and initialized. */
export async function orphansOf(stack: string, where: Whereabouts, oci: Oci): Promise<Orphan[]> {
  const tag = { key: stackTag, value: stack };
  const state = await managedResources(stack);
  const declared = declaredResources(stack).filter(({ address }) => !state.some((known) => known.address === address));
  const orphans: Orphan[] = [];
  const known = new Set(state.map(({ values }) => values.id));
  /** Ids of the stack's things by address: what grants refer to. */
  const ids = new Map(state.map(({ address, values }) => [address, String(values.id)]));

  const add = (
    orphan: Omit<Orphan, "address" | "what">,
    type: string,
    what: string,
    isIt: (one: Declared) => boolean,
  ) => {
    const address = declared.find((one) => one.type === type && !ids.has(one.address) && isIt(one))?.address;
    if (address) ids.set(address, orphan.id);
    orphans.push({ ...orphan, what: `${what} (${orphan.id})`, address });
  };

  for (const { id, name, url } of where.domain ? await oci.taggedDomains(where.domain.compartmentOcid, tag) : []) {
    if (known.has(id)) continue;
    const isIt = ({ values }: Declared) => values.display_name === literal(name);
    add({ collection: "Domains", id, endpoint: url }, "oci_identity_domain", `domain ${name}`, isIt);
  }

  const endpoint = await endpointOf(state, orphans, where, oci);
  if (!endpoint) return orphans;
  const collections = (["Users", "Groups", "Apps"] as const).filter(
    (collection) =>
      collection === "Apps" || declaredResources(stack).some(({ type }) => type === types[collection].type),
  );
  const apps: string[] = [];
  for (const collection of collections) {
    const { type, name: attribute, word } = types[collection];
    for (const { id, name } of await oci.tagged(endpoint, collection, tag)) {
      if (collection === "Apps") apps.push(id);
      if (known.has(id)) continue;
      add({ collection, id, endpoint }, type, `${word} ${name}`, ({ values }) => values[attribute] === literal(name));
    }
  }
  for (const appId of apps) {
    for (const { id, granteeId } of await oci.grantsOf(endpoint, appId)) {
      if (known.has(id)) continue;
      const refersTo = (value: unknown) => value && (ids.get(addressIn(value)) ?? value);
      const isIt = ({ values }: Declared) =>
        refersTo(referred(values.app)) === appId && refersTo(referred(values.grantee)) === granteeId;
      // One that nobody declared is somebody else's: grants carry no tag.
      if (!declared.some((one) => one.type === "oci_identity_domains_grant" && isIt(one))) continue;
      add({ collection: "Grants", id, endpoint }, "oci_identity_domains_grant", `grant of app ${appId}`, isIt);
    }
  }
  return orphans;
}

/**
 * Has the next plan and apply take over what can be taken over; the plan shows it.
 * @returns what a reviewer has to know beyond that, a sentence each
 */
export async function adoptOrphans(stack: string, where: Whereabouts, oci: Oci): Promise<string[]> {
  forgetOrphans(stack);
  try {
    const orphans = await orphansOf(stack, where, oci);
    for (const { collection, id } of orphans) if (collection === "Domains") await oci.settledState(id);
    const declared = declaredImports(stack);
    const blocks = orphans.flatMap(({ address, ...orphan }) =>
      address && !declared.has(address) ? [`import {\n  to = ${address}\n  id = ${quoted(importId(orphan))}\n}\n`] : [],
    );
    if (blocks.length > 0) writePrivateFile(importsFile(stack), blocks.join(""));
    return orphans
      .filter(({ address }) => address === undefined)
      .map(
        ({ what }) =>
          `${what} carries the tag of this stack, and neither the state nor the environment file knows of it: delete it in the console, or declare it`,
      );
  } catch (error) {
    return [`whether a run that was killed has left something behind cannot be told: ${ociMessage(error)}`];
  }
}

/** Once they are taken over, or are not to be: Terraform would refuse to take over what is gone by then. */
export function forgetOrphans(stack: string): void {
  const file = importsFile(stack);
  withFileErrors(file, () => rmSync(file, { force: true }));
}

/** Addresses of what the next plan and apply take over. */
export function adoptedOrphans(stack: string): string[] {
  const file = importsFile(stack);
  const text = withFileErrors(file, () => (existsSync(file) ? readFileSync(file, "utf8") : ""));
  return [...text.matchAll(/^ {2}to = (.*)$/gm)].map(([, address = ""]) => address);
}

/** Beside what cdktf synthesized, for Terraform to read with it. */
function importsFile(stack: string): string {
  return join(stackFolder(stack), "orphans.tf");
}

/** As Terraform reads it: an id is no place for what it would evaluate. */
function quoted(text: string): string {
  return literal(JSON.stringify(text));
}

/** A text as what is synthesized holds it: no template. */
function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

function importId({ collection, id, endpoint }: Pick<Orphan, "collection" | "id" | "endpoint">): string {
  return collection === "Domains" ? id : `idcsEndpoint/${endpoint}/${collection.toLowerCase()}/${id}`;
}

/** URL of the domain that the stack's things are in, if it exists and answers. */
async function endpointOf(
  state: readonly StateResource[],
  orphans: readonly Orphan[],
  { existingDomain }: Whereabouts,
  oci: Oci,
): Promise<string | undefined> {
  if (existingDomain?.domainUrl) return existingDomain.domainUrl;
  if (existingDomain?.domainOcid) return oci.domainUrl(existingDomain.domainOcid);
  if (existingDomain?.environment) return (await outputsIfDeployed(existingDomain.environment))?.ords.client.domainUrl;
  const inState = state.find(({ type }) => type === "oci_identity_domain")?.values;
  const domain = inState?.url
    ? { id: String(inState.id), url: String(inState.url) }
    : orphans.flatMap(({ collection, id, endpoint: url }) => (collection === "Domains" ? [{ id, url }] : []))[0];
  // A domain that is not active lets nothing inside it be seen.
  return domain && (await oci.settledState(domain.id)) === "ACTIVE" ? domain.url : undefined;
}

/** Addresses of what the environment file says is to be taken over: Terraform refuses to be told twice. */
function declaredImports(stack: string): Set<string> {
  const { import: blocks = [] } = synthesized(stack);
  return new Set((blocks as { to: string }[]).map(({ to }) => to));
}

function declaredResources(stack: string): Declared[] {
  const { resource = {} } = synthesized(stack);
  return Object.entries(resource as Record<string, Record<string, Declared["values"]>>).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({ address: `${type}.${name}`, type, values })),
  );
}

function synthesized(stack: string) {
  return JSON.parse(readFileSync(join(stackFolder(stack), "cdk.tf.json"), "utf8"));
}

function referred(reference: unknown): unknown {
  return (reference as { value?: unknown } | undefined)?.value;
}

/** The address in `${ADDRESS.id}`. */
function addressIn(value: unknown): string {
  return /^\$\{(.*)\.id\}$/.exec(String(value))?.[1] ?? "";
}
