import { domain as domainSchema } from "../../config/domain";
import type { EnvironmentInput } from "../../config/environment";
import { licenseTypes, maxDisplayName, stackTag } from "../../config/words";
import { PlanError } from "../../ords/plan/refusals";
import { audienceProblems } from "../../ords/rules";
import { ociTags } from "../oci/domain-api";
import { requireImportable, sayApp, sayClients } from "./apps";
import { type Found, tagsOf } from "./found";
import { Notes, quoted } from "./notes";
import { peopleOf, withoutPeople } from "./people";
import { urlOfProfile } from "./read";
import { sayProfile, sayScopes } from "./schema";

/** What the caller decides. */
export interface Choices {
  readonly name: string;
  readonly region: string;
  readonly authentication: EnvironmentInput["authentication"];
  readonly database: EnvironmentInput["database"];
  readonly apiUrl: string | undefined;
  /** Whether the stack is to own the domain. */
  readonly ownDomain: boolean;
  /** Whether users, groups and grants are written down. */
  readonly people: boolean;
}

/** What is there in the words of an environment file, and what it cannot say. */
export interface Said {
  readonly input: EnvironmentInput;
  readonly notes: Notes;
}

/**
 * Says what was found. What cannot be said of the app itself is changed by the first deploy; everything else is left out and stays as it is.
 * @throws PlanError for an app that cannot be taken over at all
 */
export function say(found: Found, choices: Choices): Said {
  const { name } = choices;
  requireImportable(found);
  const notes = new Notes();
  const domainUrl = choices.ownDomain ? found.domainUrl : urlOfProfile(found.schema.profile?.jwkUrl, found.domainUrl);
  const audience = sayAudience(found, notes);
  const context = { stack: name, audience, domainUrl };
  const jwtProfile = sayProfile(found.schema, context, notes);
  const app = sayApp(found, audience, notes);
  const scopes = sayScopes(found, jwtProfile, context, notes);
  const people = choices.people ? peopleOf(found, name, notes) : withoutPeople(found, notes);
  const {
    clients,
    developerClient,
    ids,
    found: clientsFound,
  } = sayClients(
    found,
    scopes.map(({ value }) => value),
    name,
    notes,
  );
  const domain = choices.ownDomain ? sayDomain(found, notes) : undefined;
  const tags = sayTags(
    [found.app, ...clientsFound, ...people.found],
    found.domain?.freeformTags,
    domain !== undefined,
    notes,
  );
  noteSettings(found, notes);
  noteSchema(found, notes);
  for (const { id, grantMechanism } of found.grantsToApp) {
    const what = `app ${quoted(found.app.displayName)} has the grant ${quoted(id)} (${quoted(grantMechanism)}) itself, such as a role for administration`;
    notes.add("stays", what, "it stays as it is");
  }
  const { users, groups, grants } = people.ids;
  return {
    notes,
    input: {
      region: found.domain?.homeRegion ?? choices.region,
      ...(choices.authentication && { authentication: choices.authentication }),
      protected: true,
      ...(Object.keys(tags).length > 0 && { tags }),
      ...(domain ? { domain } : { existingDomain: { domainUrl } }),
      ...(Object.keys(people.users).length > 0 && { users: people.users }),
      ...(Object.keys(people.groups).length > 0 && { groups: people.groups }),
      app: { ...app, scopes, ...(people.grantedTo.length > 0 && { grantedTo: people.grantedTo }) },
      ...(Object.keys(clients).length > 0 && { clients }),
      ...(developerClient && { developerClient }),
      ...(Object.keys(jwtProfile).length > 0 && { jwtProfile }),
      ...(choices.apiUrl !== undefined && { apiUrl: choices.apiUrl }),
      database: choices.database,
      imports: {
        ...(domain && { domainUrl, domainOcid: found.domain?.id }),
        app: found.app.id,
        ...(Object.keys(users).length > 0 && { users }),
        ...(Object.keys(groups).length > 0 && { groups }),
        ...(Object.keys(grants).length > 0 && { grants }),
        ...(Object.keys(ids.clients).length > 0 && { clients: ids.clients }),
        ...(ids.developerClient !== undefined && { developerClient: ids.developerClient }),
      },
    },
  };
}

function sayAudience({ app: { audience = "", displayName, scopes } }: Found, notes: Notes): string {
  if (audienceProblems(audience).length === 0) return audience;
  const [scope] = scopes;
  notes.add(
    "changes",
    `the primary audience ${quoted(audience)} of app ${quoted(displayName)} does not end in a slash`,
    `OCI joins audience and scope with nothing between, and the file takes no such audience: it says ${quoted(`${audience}/`)}. The first deploy changes the app and the JWT profile: tokens of before are refused, and clients have to ask for ${quoted(`${audience}/${scope?.value}`)} in place of ${quoted(`${audience}${scope?.value}`)}`,
    "tell the clients first; or add the slash in the console and in the profile, move the clients, and import again",
  );
  return `${audience}/`;
}

function sayDomain({ domain }: Found, notes: Notes): NonNullable<EnvironmentInput["domain"]> {
  if (!domain)
    throw new PlanError(
      "the domain cannot be looked up, so it cannot be owned: leave --own-domain out, or ask for leave to read domains",
    );
  if (domain.type === "DEFAULT") {
    throw new PlanError("the domain is the tenancy's default one, which nobody can delete: leave --own-domain out");
  }
  const owner = domain.freeformTags?.[stackTag];
  if (owner !== undefined) throw new PlanError(`stack ${owner} owns the domain: leave --own-domain out`);
  const said = {
    compartmentOcid: domain.compartmentId,
    displayName: domain.displayName,
    description: domain.description,
    licenseType: licenseTypes.find((type) => type === domain.licenseType),
    ...(domain.isHiddenOnLogin && { isHiddenOnLogin: true }),
  };
  const problem = domainSchema.safeParse(said).error?.issues[0];
  const reason = problem
    ? `${problem.path.join(".")} ${problem.message}`
    : said.licenseType === undefined
      ? `its license is ${domain.licenseType}`
      : said.displayName.length > maxDisplayName
        ? `its name has more than ${maxDisplayName} characters`
        : undefined;
  if (reason !== undefined)
    throw new PlanError(`an environment file cannot say what the domain is like (${reason}): leave --own-domain out`);
  notes.add("stays", "attributes of the domain's settings but signingCertPublicAccess", "they stay as they are");
  return said;
}

/** One set of tags is for all that a stack has: that of the app. */
function sayTags(
  all: readonly Parameters<typeof tagsOf>[0][],
  domainTags: Record<string, string> = {},
  ownDomain: boolean,
  notes: Notes,
): Record<string, string> {
  const plain = (tags: readonly (readonly [string, string])[]) => tags.filter(([key]) => key !== stackTag);
  const [app, ...others] = [
    ...all.map((one) => plain(tagsOf(one))),
    ...(ownDomain ? [plain(Object.entries(domainTags))] : []),
  ];
  const tags: Record<string, string> = {};
  for (const [key, value] of app ?? []) {
    if (value === "" || key === "__proto__") {
      notes.add(
        "changes",
        `the app has the tag ${quoted(key)}`,
        "the file cannot say it: the first deploy takes it away",
      );
    } else tags[key] = value;
  }
  const same = (one: (typeof others)[number]) =>
    one.length === Object.keys(tags).length && one.every(([key, value]) => tags[key] === value);
  const different = others.filter((one) => !same(one));
  if (different.length > 0) {
    const theirs = [
      ...new Set(different.flatMap((one) => one.map(([key, value]) => `${quoted(key)}: ${quoted(value)}`))),
    ];
    notes.add(
      "changes",
      `${different.length} of what is taken over has other free-form tags than the app${theirs.length > 0 ? ` (${theirs.join(", ")})` : ""}`,
      "an environment has one set of tags: the first deploy gives all of it those of the app, and takes away the others",
      "add to `tags` what is to stay",
    );
  }
  const defined = all.filter((one) => one[ociTags]?.definedTags.length);
  if (defined.length > 0)
    notes.add("stays", `${defined.length} of what is taken over has defined tags`, "they stay as they are");
  return tags;
}

function noteSettings({ settings, domainUrl, schema: { profile } }: Found, notes: Notes): void {
  if (!settings.signingCertPublicAccess) {
    notes.add(
      "first",
      "the signing certificate of the domain is not public",
      "ORDS cannot verify tokens of this domain, and the first diff fails with the command that makes it public",
      `in the console: Settings of the domain, "Configure client access" (${domainUrl})`,
    );
  }
  const { issuer } = settings;
  if (issuer !== undefined && profile?.issuer && profile.issuer !== issuer) {
    notes.add(
      "stays",
      `the domain issues tokens as ${quoted(issuer)}, and the JWT profile expects ${quoted(profile.issuer)}`,
      "the file says what the profile says: every call is refused, as it is now",
      "npx ords-jwt doctor names the cause; correct jwtProfile.issuer",
    );
  }
  if (settings.tenantCustomClaims.length > 0) {
    const names = settings.tenantCustomClaims.map(({ name }) => quoted(name)).join(", ");
    notes.add(
      "stays",
      `the domain has the custom claims ${names}`,
      "they stay as they are: no environment file says them",
    );
  }
}

function noteSchema({ schema }: Found, notes: Notes): void {
  if (schema.basePath === null) {
    notes.add(
      "first",
      `schema ${schema.schema} is not REST-enabled, or ${schema.user} cannot see that it is`,
      "nothing can be registered in it",
      "BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;",
    );
  }
}
