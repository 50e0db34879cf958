import { z } from "zod";
import type { IdentityDomain } from "./domain";
import { jsonObject, Refusal, type Reply, type Request, Router } from "./http";
import type { Caller } from "./signatures";
import type { WorkRequests } from "./work-requests";

export interface IdentityApiContext {
  caller: Caller;
  homeRegion: string;
  /** Region whose endpoint was called, unless the host name tells. */
  region: string;
  domains: Map<string, IdentityDomain>;
  workRequests: WorkRequests;
  /** Opens a domain in state CREATING; it is not among `domains` yet. */
  openDomain(details: CreateDomain, caller: Caller): Promise<IdentityDomain>;
}

const licenseTypes = {
  free: ["Free", "Included with the tenancy."],
  "oracle-apps-premium": ["Oracle Apps Premium", "For Oracle applications, on premises and in the cloud."],
  premium: ["Premium", "For all applications."],
  "external-user": ["External User", "For consumers and other people outside the organisation."],
};

const text = z.string().min(1);
const licenseType = z.enum(Object.keys(licenseTypes) as [keyof typeof licenseTypes]);
const tags = {
  freeformTags: z.record(z.string(), z.string()).optional(),
  definedTags: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
};

const createDomain = z.strictObject({
  compartmentId: text,
  displayName: text,
  description: text,
  homeRegion: text,
  licenseType,
  isHiddenOnLogin: z.boolean().optional(),
  adminFirstName: text.optional(),
  adminLastName: text.optional(),
  adminUserName: text.optional(),
  adminEmail: text.optional(),
  isNotificationBypassed: z.boolean().optional(),
  isPrimaryEmailRequired: z.boolean().optional(),
  ...tags,
});
export type CreateDomain = z.infer<typeof createDomain>;

const updateDomain = z.strictObject({
  displayName: text.optional(),
  description: text.optional(),
  isHiddenOnLogin: z.boolean().optional(),
  ...tags,
});
const changeCompartment = z.strictObject({ compartmentId: text });
const changeLicenseType = z.strictObject({ licenseType });

/** An error in the form of the Identity API. */
function serviceError(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { code, message } }, message);
}

/** Words errors that no rule of the API is the source of. */
export function refuse(status: number, message: string): Refusal {
  const codes: Record<number, string> = {
    400: "CannotParseRequest",
    401: "NotAuthenticated",
    403: "NotAllowed",
    404: "NotAuthorizedOrNotFound",
    405: "MethodNotAllowed",
    409: "IncorrectState",
    412: "PreConditionFailed",
    413: "RequestEntityTooLarge",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
  };
  return serviceError(status, codes[status] ?? "InternalServerError", message);
}

const one = "/20160918/domains/{id}";

/** Domains and their work requests, below `/20160918`. */
export function identityRoutes(): Router<IdentityApiContext> {
  return new Router<IdentityApiContext>()
    .on("POST", "/20160918/domains", create)
    .on("GET", "/20160918/domains", list)
    .on("GET", one, (_request, { id = "" }, context) => ({ status: 200, body: find(context, id).view() }))
    .on("PUT", one, update)
    .on("DELETE", one, remove)
    .on("POST", `${one}/actions/activate`, activate)
    .on("POST", `${one}/actions/deactivate`, deactivate)
    .on("POST", `${one}/actions/changeCompartment`, (request, { id = "" }, context) => {
      const changes = parse(changeCompartment, request);
      return change(context, find(context, id), "CHANGE_COMPARTMENT_FOR_DOMAIN", changes, request);
    })
    .on("POST", `${one}/actions/changeLicenseType`, (request, { id = "" }, context) => {
      const changes = parse(changeLicenseType, request);
      return change(context, find(context, id), "CHANGE_LICENSE_TYPE_FOR_DOMAIN", changes, request);
    })
    .on("GET", "/20160918/iamWorkRequests/{id}", (_request, { id = "" }, { workRequests }) => {
      return { status: 200, body: found(workRequests.get(id), "work request", id) };
    })
    .on("GET", "/20160918/iamWorkRequests/{id}/errors", (_request, { id = "" }, { workRequests }) => {
      return { status: 200, body: found(workRequests.errors(id), "work request", id) };
    })
    .on("GET", "/20160918/tenancies/{id}/regionSubscriptions", (_request, _params, { homeRegion }) => ({
      status: 200,
      body: [{ regionKey: "HOM", regionName: homeRegion, status: "READY", isHomeRegion: true }],
    }))
    .on("GET", "/20160918/compartments", listCompartments)
    .on("GET", "/20160918/allowedDomainLicenseTypes", () => ({
      status: 200,
      body: Object.entries(licenseTypes).map(([type, [name, description]]) => ({
        licenseType: type,
        name,
        description,
      })),
    }));
}

async function create(request: Request, _params: object, context: IdentityApiContext): Promise<Reply> {
  checkRegion(context, request);
  const details = parse(createDomain, request);
  if (details.homeRegion !== context.homeRegion) {
    // Stricter than the service: this tenancy is subscribed to its home region only.
    throw invalidParameter(
      `homeRegion: the tenancy is subscribed to ${context.homeRegion} only, not ${details.homeRegion}`,
    );
  }
  checkAdministrator(details);
  checkDisplayName(context, details.displayName);
  const domain = await context.openDomain(details, context.caller);
  try {
    // Another request may have taken the name while this one waited.
    checkDisplayName(context, details.displayName);
  } catch (error) {
    await domain.close();
    throw error;
  }
  context.domains.set(domain.id, domain);
  return accept(context, domain, "CREATE_DOMAIN", "CREATED", () => {
    domain.lifecycleState = "ACTIVE";
  });
}

const filters = ["displayName", "url", "homeRegionUrl", "type", "licenseType", "lifecycleState", "compartmentId"];

function list({ query }: Request, _params: object, { domains }: IdentityApiContext): Reply {
  if (!query.get("compartmentId")) throw serviceError(400, "MissingParameter", "compartmentId is missing");
  const unknown = [...query.keys()].find((name) => !filters.includes(name));
  if (unknown) throw invalidParameter(`${unknown}: this stand-in lists by ${filters.join(", ")}`);
  const views = [...domains.values()].map((domain) => domain.view());
  return { status: 200, body: views.filter((view) => [...query].every(([name, value]) => view[name] === value)) };
}

/** Those that hold a domain: this stand-in takes any compartment for one that is there. */
function listCompartments({ query }: Request, _params: object, { domains }: IdentityApiContext): Reply {
  const compartmentId = query.get("compartmentId");
  if (!compartmentId) throw serviceError(400, "MissingParameter", "compartmentId is missing");
  const ids = new Set([...domains.values()].map((domain) => String(domain.view().compartmentId)));
  const compartment = (id: string) => ({ id, compartmentId, name: id.split(".").at(-1), lifecycleState: "ACTIVE" });
  return { status: 200, body: [...ids].map(compartment) };
}

function update(request: Request, { id = "" }: Record<string, string>, context: IdentityApiContext): Reply {
  const domain = find(context, id);
  const changes = parse(updateDomain, request);
  if (changes.displayName !== undefined) checkDisplayName(context, changes.displayName, domain);
  return change(context, domain, "UPDATE_DOMAIN", changes, request);
}

function change(
  context: IdentityApiContext,
  domain: IdentityDomain,
  operationType: string,
  changes: object,
  request: Request,
): Reply {
  checkRegion(context, request);
  checkIdle(domain);
  // Stricter than what is known: an inactive domain has to be activated first, the order in which the provider does it.
  requireState(domain, "ACTIVE", operationType);
  domain.lifecycleDetails = "UPDATING";
  return accept(context, domain, operationType, "UPDATED", () => {
    Object.assign(domain.attributes, changes);
  });
}

function activate(request: Request, { id = "" }: Record<string, string>, context: IdentityApiContext): Reply {
  const domain = find(context, id);
  checkRegion(context, request);
  checkIdle(domain);
  requireState(domain, "INACTIVE", "ACTIVATE_DOMAIN");
  domain.lifecycleDetails = "ACTIVATING";
  return accept(context, domain, "ACTIVATE_DOMAIN", "UPDATED", () => {
    domain.lifecycleState = "ACTIVE";
  });
}

function deactivate(request: Request, { id = "" }: Record<string, string>, context: IdentityApiContext): Reply {
  const domain = find(context, id);
  checkRegion(context, request);
  checkIdle(domain);
  requireState(domain, "ACTIVE", "DEACTIVATE_DOMAIN");
  checkNoActiveApps(domain);
  domain.lifecycleDetails = "DEACTIVATING";
  return accept(context, domain, "DEACTIVATE_DOMAIN", "UPDATED", () => {
    // One may have been activated in the meantime: then the work request fails.
    checkNoActiveApps(domain);
    domain.lifecycleState = "INACTIVE";
  });
}

function remove(request: Request, { id = "" }: Record<string, string>, context: IdentityApiContext): Reply {
  const domain = find(context, id);
  checkRegion(context, request);
  requireState(domain, "INACTIVE", "DELETE_DOMAIN");
  checkIdle(domain);
  domain.lifecycleState = "DELETING";
  return accept(context, domain, "DELETE_DOMAIN", "UPDATED", async () => {
    context.domains.delete(domain.id);
    await domain.close();
  });
}

function accept(
  { workRequests }: IdentityApiContext,
  domain: IdentityDomain,
  operationType: string,
  actionType: "CREATED" | "UPDATED",
  finish: () => void | Promise<void>,
): Reply {
  const id = workRequests.start({
    operationType,
    compartmentId: domain.attributes.compartmentId,
    domainId: domain.id,
    actionType,
    finish: async () => {
      domain.lifecycleDetails = null;
      await finish();
    },
  });
  return { status: 202, headers: { "opc-work-request-id": id } };
}

function find({ domains }: IdentityApiContext, id: string): IdentityDomain {
  return found(domains.get(id), "domain", id);
}

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw refuse(404, `${what} ${id} does not exist or you are not authorized to see it`);
  return value;
}

function parse<T>(schema: z.ZodType<T>, request: Request): T {
  const result = schema.safeParse(jsonObject(request, refuse));
  if (result.success) return result.data;
  throw invalidParameter(z.prettifyError(result.error).replaceAll(/\s*\n\s*/g, " "));
}

/** Changes are for the home region. */
function checkRegion(context: IdentityApiContext, { headers }: Request): void {
  const { homeRegion } = context;
  const [, region = context.region] = /^identity\.([\w-]+)\.oci\./.exec(headers.host ?? "") ?? [];
  if (region !== homeRegion) {
    throw serviceError(403, "NotAllowed", `please go to your home region ${homeRegion} to change identity domains`);
  }
}

function checkAdministrator(details: CreateDomain): void {
  const names = ["adminEmail", "adminLastName", "adminUserName", "isNotificationBypassed"] as const;
  const isGiven = details.adminFirstName !== undefined || names.some((name) => details[name] !== undefined);
  const missing = names.filter((name) => details[name] === undefined);
  if (isGiven && missing.length > 0) {
    throw invalidParameter(`a domain administrator also needs ${missing.join(", ")}`);
  }
}

function checkDisplayName({ domains }: IdentityApiContext, displayName: string, self?: IdentityDomain): void {
  const isTaken = [...domains.values()].some((other) => {
    return other !== self && other.displayName().toLowerCase() === displayName.toLowerCase();
  });
  if (isTaken) throw invalidParameter(`displayName: there is already a domain named ${displayName}`);
}

function checkIdle(domain: IdentityDomain): void {
  const { lifecycleState, lifecycleDetails } = domain;
  if (lifecycleState !== "ACTIVE" && lifecycleState !== "INACTIVE") throw inProgress(lifecycleState);
  if (lifecycleDetails) throw inProgress(lifecycleDetails);
}

function inProgress(what: string): Refusal {
  return refuse(409, `the domain is ${what}: wait for its work request to end`);
}

function requireState(domain: IdentityDomain, wanted: "ACTIVE" | "INACTIVE", operation: string): void {
  if (domain.lifecycleState === wanted) return;
  // In this text Oracle calls an active domain CREATED.
  const status = domain.lifecycleState === "ACTIVE" ? "CREATED" : domain.lifecycleState;
  throw preconditionFailed(`Cannot perform ${operation} operation on Domain with Status ${status}`);
}

function checkNoActiveApps(domain: IdentityDomain): void {
  const active = domain.store.all("Apps").filter((app) => app.active);
  if (active.length === 0) return;
  // Status and text are this stand-in's own; that it is refused is known.
  const names = active.map(({ displayName }) => displayName).join(", ");
  throw preconditionFailed(`the domain has active apps: deactivate ${names} first`);
}

function preconditionFailed(message: string): Refusal {
  return refuse(412, message);
}

function invalidParameter(message: string): Refusal {
  return serviceError(400, "InvalidParameter", message);
}
