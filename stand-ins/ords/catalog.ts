import type { Handler, Module, Schema, Template } from "./metadata";
import { HttpError, json, type Reply } from "./responses";

const root = "/open-api-catalog/";

/**
 * What a schema publishes, as ORDS 22.2 and later describe it: a list of modules at `/open-api-catalog/`, and an OpenAPI 3.0 document for
 * each below. Shapes and texts are those of published answers; what columns a query has is left out.
 * @param url of the schema
 * @returns undefined for a path that is not the catalog's
 * @throws HttpError 401 where the schema's metadata is for users only, 404 for a module that is not there
 */
export function catalog(schema: Schema, { path, url, method }: CatalogCall): Reply | undefined {
  if (!path.startsWith(root)) return undefined;
  // Which users ORDS lets in is not documented for tokens: none here.
  if (schema.catalogNeedsUser) throw new HttpError(401);
  if (method !== "GET") throw new HttpError(405, "", { allow: "GET" });
  if (path === root) return list(schema, url);
  const module = schema.modules.find(({ uriPrefix }) => path === root + uriPrefix.slice(1));
  if (!module) throw new HttpError(404);
  return document(module, url);
}

interface CatalogCall {
  /** Below the schema. */
  readonly path: string;
  readonly url: string;
  readonly method: string | undefined;
}

function list({ modules }: Schema, url: string): Reply {
  const items = modules.map((module) => ({
    name: nameOf(module),
    links: [{ rel: "canonical", href: url + root + module.uriPrefix.slice(1), mediaType: "application/openapi+json" }],
  }));
  return json({ items });
}

function document(module: Module, url: string): Reply {
  const paths = module.templates.map((template) => [
    `/${template.pattern === "." ? "" : withBraces(template.pattern.replace(/^\//, ""))}`,
    Object.fromEntries(
      template.handlers.map((handler) => [handler.method.toLowerCase(), operation(module, template, handler)]),
    ),
  ]);
  return json({
    openapi: "3.0.0",
    info: { title: `ORDS generated API for ${nameOf(module)}`, version: "1.0.0" },
    servers: [{ url: url + module.uriPrefix }],
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  });
}

function operation(module: Module, { pattern }: Template, { method, sourceType, parameters }: Handler) {
  const inPath = [...withBraces(pattern).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const row = { type: "object", properties: {} };
  const items = { type: "object", properties: { items: { type: "array", items: row } } };
  const answer = (description: string) => ({
    description,
    content: { "application/json": { schema: sourceType === "json/collection" ? items : row } },
  });
  const verb = { GET: "Retrieve records from", POST: "Create a new record on", PUT: "Create or update a record on" };
  return {
    description: `${verb[method as keyof typeof verb] ?? "Remove a record from"} ${nameOf(module)}`,
    responses:
      method === "POST" || method === "PUT"
        ? { 201: answer("The successfully created record.") }
        : { 200: answer("The queried record.") },
    parameters: [
      ...inPath.map((name) => ({
        ...{ name, in: "path", required: true, description: "implicit" },
        schema: { type: "string", pattern: "^[^/]+$" },
      })),
      ...parameters
        .filter(({ name, access, source }) => access !== "OUT" && source !== "RESPONSE" && !inPath.includes(name))
        .map(({ name, source }) => ({ name, in: source === "URI" ? "query" : "header", schema: { type: "string" } })),
    ],
  };
}

function withBraces(pattern: string): string {
  return pattern.replace(/:(\w+)/g, "{$1}");
}

/** An AutoREST object has the name of its path. */
function nameOf({ id, name, uriPrefix }: Module): string {
  return id < 0 ? uriPrefix.slice(1, -1) : name;
}
