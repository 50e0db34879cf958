import { z } from "zod";
import { ConfigurationError } from "../config/configuration-error";
import type { Actual } from "../ords/model";
import type { OrdsOutput } from "../ords/output";
import { type Protection, protectingSome, protectionOf } from "../ords/plan/protection";
import { unqualifiedScope } from "../ords/scope";

const members = z.record(z.string(), z.unknown());
const documentSchema = z.looseObject({
  openapi: z.string().regex(/^3\.\d+\.\d+/),
  info: members,
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  paths: z.record(z.string(), members),
  components: z.record(z.string(), members).optional(),
  tags: z.array(z.unknown()).optional(),
});

/** An OpenAPI 3 document. */
export type ApiDocument = z.output<typeof documentSchema>;

/** @throws ConfigurationError when it is not an OpenAPI 3 document */
export function parseDocument(value: unknown, source: string): ApiDocument {
  const { success, data, error } = documentSchema.safeParse(value);
  if (success) return data;
  if (members.safeParse(value).data?.swagger !== undefined) {
    throw new ConfigurationError(
      `${source} is a document of Swagger 2.0: take one of OpenAPI 3, which ORDS gives from 22.2 on, or convert it`,
    );
  }
  const [issue] = error.issues;
  throw new ConfigurationError(
    `${source} is not an OpenAPI 3 document: ${issue?.path.join(".") || "the document"}: ${issue?.message}`,
  );
}

/** A document, and what it is called. */
export interface NamedDocument {
  /** Of the module, or of the file. */
  readonly name: string;
  readonly document: ApiDocument;
}

export interface Secured {
  readonly document: object;
  /** Operations by whether they need a token. */
  readonly counts: Readonly<Record<Protection["access"], number>>;
  /** What a reader of the document should know. */
  readonly notes: readonly string[];
}

/** Name of the security scheme. */
const scheme = "oci";
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/**
 * Documents of one schema as one, with the OAuth 2.0 flows of the stack's clients and, for each operation, the scopes that the
 * privileges in the schema ask for.
 * @param api URL of anything that the schema publishes; undefined takes the documents' servers as they are
 * @throws ConfigurationError when a path of a document is not one of the schema, or no client has a flow
 */
export function secured(documents: readonly NamedDocument[], ords: OrdsOutput, actual: Actual, api?: string): Secured {
  const root = api === undefined ? undefined : schemaRoot(api, actual);
  const paths = new Map<string, Record<string, unknown>>();
  const components = new Map<string, Map<string, unknown>>();
  const counts = { protected: 0, public: 0, unknown: 0 };
  const notes: string[] = [];
  let server = root;
  for (const { name, document } of documents) {
    const renamed = withOwnNames(document, name, components);
    const [first] = renamed.servers ?? [];
    for (const [path, item] of Object.entries(renamed.paths)) {
      const url = `${serverOf(first?.url, root, name)}/${path.replace(/^\/+/, "")}`;
      const protection = protectionOf(url, actual);
      if ("reason" in protection) throw new ConfigurationError(`${name}: ${url}: ${protection.reason}`);
      server ??= rootOf(url, protection.path);
      const template = tail(url, protection.path);
      const { security, note } = securityOf(protection, protectingSome(template, actual), ords, actual);
      const operations = Object.entries(item).map(([key, value]) => {
        const operation = members.safeParse(value).data;
        if (!methods.includes(key) || !operation) return [key, value];
        counts[protection.access]++;
        const description = [operation.description, note].filter(Boolean).join("\n\n");
        return [key, { tags: [name], ...operation, ...(description && { description }), security }];
      });
      if (note) notes.push(`${template}: ${note}`);
      // Two modules may answer at one path, with other methods.
      paths.set(template, { ...Object.fromEntries(operations), ...paths.get(template) });
    }
  }
  const [only, ...others] = documents;
  const document = {
    ...(others.length === 0 ? only?.document : undefined),
    openapi: only?.document.openapi ?? "3.0.3",
    info:
      others.length === 0 && only
        ? only.document.info
        : { title: `ORDS APIs of schema ${ords.schema}`, version: "1.0.0" },
    servers: [{ url: server ?? "/" }],
    paths: sortedObject(paths),
    components: {
      ...Object.fromEntries([...components].map(([kind, named]) => [kind, sortedObject(named)])),
      securitySchemes: { ...Object.fromEntries(components.get("securitySchemes") ?? []), [scheme]: schemeOf(ords) },
    },
  };
  return { document, counts, notes };
}

/**
 * Where the schema is published: the URL of anything in it without what follows.
 * @throws ConfigurationError when it is not a URL of the schema
 */
export function schemaRoot(url: string, actual: Actual): string {
  const protection = protectionOf(url, actual);
  if ("reason" in protection) throw new ConfigurationError(`${url}: ${protection.reason}`);
  return rootOf(new URL(url).href, protection.path);
}

function rootOf(url: string, path: string): string {
  const { origin, pathname } = new URL(url);
  return (
    origin +
    pathname
      .split("/")
      .slice(0, 1 - path.split("/").length)
      .join("/")
  );
}

/** The end of a URL as it is written, as many segments as the path has. */
function tail(url: string, path: string): string {
  return `/${url
    .split("/")
    .slice(1 - path.split("/").length)
    .join("/")}`;
}

/** Behind a gateway a server may know its own path only; its address is the one by which it was reached. */
function serverOf(url: string | undefined, root: string | undefined, name: string): string {
  if (!URL.canParse(url ?? "/", root)) {
    throw new ConfigurationError(
      `${name}: its server is ${url ?? "not named"}: give --url, a URL of any API of the schema`,
    );
  }
  const { origin, pathname } = new URL(url ?? "/", root);
  return (root === undefined ? origin : new URL(root).origin) + pathname.replace(/\/+$/, "");
}

/** What a call of one operation needs. */
function securityOf(
  { access, privileges }: Protection,
  some: readonly string[],
  ords: OrdsOutput,
  { profile, privileges: all }: Actual,
): { security: object[]; note?: string } {
  const declared = declaredScopes(ords);
  const need = (names: readonly string[]) => ({ [scheme]: names.flatMap((name) => declared.get(name) ?? []) });
  const names = privileges.map(({ name }) => name);
  if (access === "unknown") {
    return {
      security: [{}, need(names)],
      note: "It cannot be told from the schema whether this needs a token.",
    };
  }
  const lacking = [...names, ...some].filter((name) => !declared.has(name));
  const roles = all.filter(({ name }) => names.includes(name)).flatMap((privilege) => privilege.roles);
  const notes = [
    some.length > 0 && `Some of the paths that this stands for need privilege ${some.join(" and ")}.`,
    names.length > 1 &&
      `Protected by privileges ${names.join(" and ")}: a token for all of them is enough; whether one is, is not known.`,
    lacking.length > 0 &&
      `No client of this stack may ask for ${lacking.join(" and ")}: with its tokens a call that needs that answers 401.`,
    access === "protected" &&
      profile?.roleClaim &&
      `The profile is role-based: the token must hold ${roles.length > 0 ? `one of the roles ${roles.join(", ")}` : "roles"} at ${profile.roleClaim}.`,
  ];
  const first = access === "public" ? {} : need(names);
  const further = some.length > 0 ? [need([...names, ...some])] : [];
  return {
    // An empty list is how OpenAPI says that no token is needed.
    security: access === "public" && some.length === 0 ? [] : [first, ...further],
    note: notes.filter(Boolean).join(" ") || undefined,
  };
}

interface FlowClient {
  readonly clientId: string;
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
}

function clientsOf({ client, developerClient, clients }: OrdsOutput): FlowClient[] {
  return [client, ...(developerClient ? [developerClient] : []), ...Object.values(clients ?? {})];
}

/** What has to be asked for, by the name of the privilege. */
function declaredScopes(ords: OrdsOutput): Map<string, string> {
  const scopes = clientsOf(ords).flatMap((client) => client.scopes);
  return new Map(scopes.map((scope) => [unqualifiedScope(ords.profile.audience, scope) ?? scope, scope]));
}

function schemeOf(ords: OrdsOutput): object {
  const { tokenEndpoint, authorizationEndpoint, domainUrl } = ords.client;
  const labels = new Map(ords.privileges.map(({ name, label }) => [name, label]));
  const may = (grant: string) => clientsOf(ords).filter(({ grants }) => grants.includes(grant));
  const [people, programs] = [may("authorization_code"), may("client_credentials")];
  if (people.length + programs.length === 0) {
    throw new ConfigurationError(
      `no client of stack ${ords.stack} may use authorization_code or client_credentials, and tools sign in by these: add one to app.grants and deploy`,
    );
  }
  const flow = (clients: readonly FlowClient[], more: object) => ({
    ...more,
    tokenUrl: tokenEndpoint,
    scopes: Object.fromEntries(
      clients
        .flatMap(({ scopes }) => scopes)
        .map((scope) => [scope, labels.get(unqualifiedScope(ords.profile.audience, scope) ?? scope) ?? ""]),
    ),
  });
  const ids = (clients: readonly FlowClient[]) => clients.map(({ clientId }) => clientId).join(", ");
  return {
    type: "oauth2",
    description: [
      `Access tokens of the OCI IAM identity domain ${domainUrl}.`,
      ...(people.length > 0 ? [`Authorization code with PKCE (S256): client id ${ids(people)}.`] : []),
      ...(programs.length > 0 ? [`Client credentials: client id ${ids(programs)}.`] : []),
    ].join(" "),
    flows: {
      ...(people.length > 0 && {
        // OpenAPI has no word for PKCE; this one is Scalar's.
        authorizationCode: flow(people, {
          authorizationUrl: authorizationEndpoint,
          ...(people.some(({ grants }) => grants.includes("refresh_token")) && { refreshUrl: tokenEndpoint }),
          "x-usePkce": "SHA-256",
        }),
      }),
      ...(programs.length > 0 && { clientCredentials: flow(programs, {}) }),
    },
  };
}

/** Puts the components among those of the others: one that is another under the same name gets the document's name in front. */
function withOwnNames(document: ApiDocument, name: string, all: Map<string, Map<string, unknown>>): ApiDocument {
  const renamed = new Map<string, string>();
  const own = Object.entries(document.components ?? {}).flatMap(([kind, named]) =>
    Object.entries(named).map(([key, value]) => ({ kind, key, value })),
  );
  const isTaken = (kind: string, key: string, value: unknown) => {
    const other = all.get(kind)?.get(key);
    return other !== undefined && JSON.stringify(other) !== JSON.stringify(value);
  };
  for (const { kind, key, value } of own) {
    // A security scheme is referred to by its bare name.
    if (kind === "securitySchemes" || !isTaken(kind, key, value)) continue;
    const prefix = name.replace(/[^\w.-]/g, "_");
    let free = `${prefix}.${key}`;
    for (let count = 2; isTaken(kind, free, value); count++) free = `${prefix}.${key}.${count}`;
    renamed.set(reference(kind, key), reference(kind, free));
  }
  const result = renamed.size === 0 ? document : (withReferences(document, renamed) as ApiDocument);
  for (const { kind, key } of own) {
    const target = renamed.get(reference(kind, key))?.split("/").at(-1) ?? key;
    const kinds = all.get(kind) ?? new Map<string, unknown>();
    all.set(kind, kinds.set(target, result.components?.[kind]?.[key]));
  }
  return result;
}

function reference(kind: string, key: string): string {
  return `#/components/${kind}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function withReferences(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withReferences(each, renamed));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === "$ref" && typeof each === "string" ? (renamed.get(each) ?? each) : withReferences(each, renamed),
    ]),
  );
}

function sortedObject(named: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}
