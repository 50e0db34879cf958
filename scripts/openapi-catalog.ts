import { z } from "zod";
import { send } from "../oauth/http";
import { type NamedDocument, parseDocument } from "./openapi";
import { OutsideError } from "./terminal/failure";

const folder = "/open-api-catalog/";
const links = z.array(z.looseObject({ rel: z.string().optional(), href: z.string() }));
const listSchema = z.looseObject({
  items: z.array(z.looseObject({ name: z.string(), links })),
  links: links.optional(),
});

/** Requests at the same time. */
const atOnce = 8;

/**
 * The OpenAPI documents of all modules that a schema publishes, from its catalog in ORDS.
 * @param root where the schema is published: `https://HOST/ords/ALIAS`
 * @throws OutsideError when the catalog does not answer with it, HttpError
 */
export async function catalogOf(root: string): Promise<NamedDocument[]> {
  const modules = await listed(`${root}${folder}`);
  if (modules.length === 0) throw new OutsideError(`${root}${folder} lists no module: publish one, or give --file`);
  const documents: NamedDocument[] = [];
  const left = [...modules.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, { name, url }] = next;
      documents[index] = { name, document: parseDocument(await get(url), url) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return documents;

  async function listed(first: string): Promise<{ name: string; url: string }[]> {
    const found: { name: string; url: string }[] = [];
    const seen = new Set<string>();
    for (let url: string | undefined = first; url !== undefined && !seen.has(url); ) {
      seen.add(url);
      const { data, error } = listSchema.safeParse(await get(url));
      if (!data) throw new OutsideError(`${url} is not the catalog of ORDS: ${error.issues[0]?.path.join(".")}`);
      for (const { name, links } of data.items) {
        const { href } = links.find(({ rel }) => rel === "canonical") ?? links[0] ?? {};
        if (href !== undefined) found.push({ name, url: here(href) });
      }
      const next = data.links?.find(({ rel }) => rel === "next");
      url = next && here(next.href);
    }
    return found;
  }

  /** Whatever host and path ORDS takes itself to be at, its catalog is where it was asked for. */
  function here(href: string): string {
    const path = URL.canParse(href, root) ? new URL(href, root) : undefined;
    const [, below] = path ? `${path.pathname}${path.search}`.split(folder) : [];
    if (below === undefined) throw new OutsideError(`${root}${folder} links to ${href}, which is not in it`);
    return `${root}${folder}${below}`;
  }

  async function get(url: string): Promise<unknown> {
    const response = await send(url, { headers: { accept: "application/json" } });
    if (response.status === 401 || response.status === 403) {
      throw new OutsideError(
        `${url} answered ${response.status}: the schema shows its catalog to its users only (p_auto_rest_auth of ORDS.ENABLE_SCHEMA, or a privilege). Fetch the documents with a login that may, for example with curl --user, and give them with --file`,
      );
    }
    if (!response.ok) {
      throw new OutsideError(
        `${url} answered ${response.status}, expected 200: is it ORDS that answers there? Documents fetched otherwise are taken with --file`,
      );
    }
    try {
      return await response.json();
    } catch {
      throw new OutsideError(`${url} did not answer with JSON: is it ORDS that answers there?`);
    }
  }
}
