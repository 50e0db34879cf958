import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Authentication } from "../../config/authentication";
import { ConfigurationError } from "../../config/configuration-error";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { readActual } from "../../ords/database/read";
import { inTransaction } from "../../ords/database/transaction";
import { isOurPrivilege, isOurProfile } from "../../ords/ownership";
import { withConnection } from "../database";
import { environmentFile } from "../import/environment-file";
import type { Found } from "../import/found";
import { requireFree } from "../import/owners";
import { additions, renderList, renderNotes, renderRows, rowsOf } from "../import/picture";
import { inWords, readOci } from "../import/read";
import { say } from "../import/said";
import { writeProject } from "../init/project";
import { Oci, regionOf } from "../oci/client";
import { step } from "../terminal/progress";
import { takePasswords } from "../terminal/secrets";
import type { Terminal } from "../terminal/terminal";

/** What there is no import without. */
interface Needed {
  /** URL or OCID of the domain. */
  readonly domain: string;
  /** Display name, client id or id of the app. */
  readonly app: string;
  readonly connectString: string;
  readonly user: string;
}

export interface ImportFlags extends Partial<Needed> {
  readonly region?: string;
  readonly profile?: string;
  readonly auth?: Authentication["type"];
  /** @default - the user */
  readonly schema?: string;
  readonly passwordVariable?: string;
  readonly wallet?: string;
  readonly walletPasswordVariable?: string;
  /** A protected API. */
  readonly url?: string;
  readonly ownDomain?: boolean;
  /** @default true */
  readonly people: boolean;
  readonly json?: boolean;
}

/** Writes the environment file of a set-up that was made by hand, and what its folder lacks to be a project; changes nothing in OCI or the database. */
export async function importEnvironment(name: string, given: ImportFlags, terminal: Terminal): Promise<void> {
  const flags = complete(given);
  const file = join("environments", `${name}.ts`);
  requireNew(name, file);
  takePasswords([flags.passwordVariable, flags.walletPasswordVariable]);
  const { authentication, database } = entriesOf(flags);
  // What was given is looked at before anything is asked of anybody.
  const checked = parseEnvironment(name, skeleton(flags, { authentication, database }));

  const region = flags.region ?? (await regionOf(checked.authentication));
  const oci = new Oci({ region, ...checked.authentication }, (line) => terminal.log(line));
  const inDomain = await step(terminal, "read the identity domain", () =>
    inWords("the identity domain", () => readOci(flags, oci)),
  );
  const schema = await step(terminal, `read schema ${database.schema}`, () =>
    withConnection(checked, terminal, (connection) =>
      inTransaction(connection, ({ login }) => readActual(connection, database.schema, login)),
    ),
  );
  const found: Found = { ...inDomain, schema };
  const said = say(found, {
    name,
    region,
    authentication,
    database,
    apiUrl: flags.url,
    ownDomain: flags.ownDomain ?? false,
    people: flags.people,
  });
  requireFree(found, name, said.notes);
  parseEnvironment(name, said.input);
  const written = writeProject(file, environmentFile(said.input));

  const { first, changes, stays } = said.notes;
  const rows = rowsOf(found, said);
  const added = additions(said, name, found);
  const next = nextCommands(name, found);
  if (flags.json) {
    terminal.json({
      environment: name,
      file,
      written: written.files,
      picture: rows.map(({ what, becomes }) => ({ what, becomes: becomes || null })),
      added,
      notSaid: { first: first.map(asJson), changes: changes.map(asJson), stays: stays.map(asJson) },
      next,
    });
    return;
  }
  const parts = [
    renderRows(rows, file),
    renderNotes("To do before the first diff", first),
    renderList("The first deploy adds, and the first diff shows", added),
    renderNotes("The file cannot say, and the first deploy changes", changes),
    renderNotes("The file does not say, and stays as it is", stays),
    `written: ${written.files.join(", ")}\nnothing was changed in OCI or in the database`,
    written.notes.join("\n"),
    renderList("Next", next),
  ];
  terminal.log(parts.filter((part) => part !== "").join("\n\n"));
}

function asJson({ what, means, todo = null }: { what: string; means: string; todo?: string | undefined | null }) {
  return { what, means, todo };
}

/** @throws ConfigurationError naming every flag that is missing */
function complete(flags: ImportFlags): ImportFlags & Needed {
  const { domain, app, connectString, user } = flags;
  if (domain && app && connectString && user) return { ...flags, domain, app, connectString, user };
  const needed = { "--domain": domain, "--app": app, "--connect-string": connectString, "--user": user };
  const missing = Object.entries(needed).flatMap(([flag, value]) => (value ? [] : [flag]));
  throw new ConfigurationError(`import needs ${missing.join(", ")}: see npx ords-jwt import --help`);
}

function requireNew(name: string, file: string): void {
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw new ConfigurationError(
      `"${name}" cannot name an environment: letters, digits, - and _ are allowed, and a letter comes first`,
    );
  }
  if (existsSync(file)) {
    throw new ConfigurationError(`${file} exists, and is not overwritten: choose another name, or remove it`);
  }
}

function entriesOf(flags: ImportFlags & Needed) {
  const { auth, profile, user, wallet, passwordVariable, walletPasswordVariable } = flags;
  const authentication = {
    ...(auth !== undefined && { type: auth }),
    ...(profile !== undefined && { configFileProfile: profile }),
  };
  const database: EnvironmentInput["database"] = {
    schema: flags.schema ?? user.toUpperCase(),
    ...(passwordVariable !== undefined && { passwordVariable }),
    ...(walletPasswordVariable !== undefined && { walletPasswordVariable }),
    connection: {
      user,
      connectString: flags.connectString,
      ...(wallet !== undefined && { configDir: wallet, walletLocation: wallet }),
    },
  };
  return { authentication: Object.keys(authentication).length > 0 ? authentication : undefined, database };
}

/** As much of an environment as the flags say. */
function skeleton({ region = "unknown", url }: ImportFlags, given: ReturnType<typeof entriesOf>): EnvironmentInput {
  return {
    region,
    ...given,
    apiUrl: url,
    existingDomain: { domainUrl: "https://unknown.example.com" },
    app: { displayName: "unknown", audience: "unknown/", scopes: [], grants: [] },
  };
}

function nextCommands(name: string, { schema: { profile, privileges } }: Found): string[] {
  const theirs =
    (profile && !isOurProfile(profile, name, privileges)) || privileges.some((each) => !isOurPrivilege(each, name));
  const adopt = theirs ? " --adopt" : "";
  return [
    `npx ords-jwt diff ${name}${adopt}`,
    `npx ords-jwt deploy ${name}${adopt}`,
    `then delete the entry imports in environments/${name}.ts: it is of no use any more`,
  ];
}
