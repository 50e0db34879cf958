import { clean } from "../terminal/clean";
import type { Terminal } from "../terminal/terminal";
import { type Oci, ociMessage } from "./client";

/** A request that an identity domain refused, as the provider reports it. */
interface Refusal {
  readonly method: string;
  readonly endpoint: string;
  /** `Apps`, `Users`, ... */
  readonly collection: string;
  readonly id: string | undefined;
  /** Of the resource in the stack. */
  readonly address: string | undefined;
}

/** A resource of the plan, with what it would be. */
interface Planned {
  readonly address: string;
  readonly attributes: readonly { readonly path: string; readonly after: string | undefined }[];
}

/** Attributes that may have to be unique in a domain, by their names in the plan and in SCIM. */
const names: Record<string, Record<string, string>> = {
  Apps: { display_name: "displayName", audience: "audience" },
  Groups: { display_name: "displayName" },
  Users: { user_name: "userName" },
};

/** Does what Terraform does; when the domain refuses a request of it, says why before the error. */
export async function sayingWhy<T>(
  work: () => Promise<T>,
  planned: readonly Planned[],
  oci: Oci,
  terminal: Terminal,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const reason of await reasonsOf((error as Error).message, planned, oci)) terminal.error(clean(reason));
    throw error;
  }
}

/**
 * What the identity domain has to say about requests that it refused. The provider drops its words (`400-BadErrorResponse,`), so it is
 * asked again: a read or a delete is repeated; of what would be made or changed, only what is in the way is looked for.
 * @param text what Terraform printed
 */
export async function reasonsOf(text: string, planned: readonly Planned[], oci: Oci): Promise<string[]> {
  const all = refusalsIn(text).map(async (refusal) => {
    const { method, collection, id, address } = refusal;
    const what = `${method} ${[collection, id].filter(Boolean).join("/")}${address ? ` (${address})` : ""}`;
    return `the domain refused ${what}: ${await reasonOf(refusal, planned, oci)}`;
  });
  return Promise.all(all);
}

async function reasonOf({ method, endpoint, collection, id, address }: Refusal, planned: readonly Planned[], oci: Oci) {
  try {
    if (id !== undefined && (method === "GET" || method === "DELETE")) {
      await oci.repeat(method, endpoint, collection, id);
      return "repeated, the same request was accepted; run the command again";
    }
    const attributes = planned.find((resource) => resource.address === address)?.attributes ?? [];
    const wanted = attributes.flatMap(({ path, after }) => {
      const name = names[collection]?.[path];
      return name && after?.startsWith('"') ? [{ name, value: after }] : [];
    });
    const found = await Promise.all(
      wanted.map(async ({ name, value }) => {
        const others = await oci.having(endpoint, collection, `${name} eq ${value}`);
        return others
          .filter((other) => other !== id)
          .map((other) => `${collection}/${other} has the ${name} ${value} too`);
      }),
    );
    return found.flat().join("; ") || howToSee;
  } catch (error) {
    return ociMessage(error);
  }
}

const howToSee = "its reason is only in the provider's log, which holds secrets: see docs/how-to/domain-errors.md";

function refusalsIn(text: string): Refusal[] {
  return text.split(/\bError: /).flatMap((part) => {
    const [, method, endpoint, collection, id] =
      /^\d{3}-BadErrorResponse,[\s\S]*?Request Target: ([A-Z]+) (https:\/\/[^/\s]+)\/admin\/v1\/(\w+)(?:\/([\w.-]+))?/.exec(
        part,
      ) ?? [];
    if (!method || !endpoint || !collection) return [];
    return [{ method, endpoint, collection, id, address: /\bwith (oci_\w+\.[\w-]+)/.exec(part)?.[1] }];
  });
}
