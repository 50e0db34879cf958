import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { sendForBeginning } from "../../oauth/http";
import { proxyUrls } from "../../oauth/proxy";
import { readActual } from "../../ords/database/read";
import { parseOrdsOutput } from "../../ords/output";
import { withConnection } from "../database";
import { identityUrl } from "../oci/client";
import { checkCredentials } from "../oci/credentials";
import { cleanLines } from "../terminal/clean";
import { colours } from "../terminal/colours";
import { CheckFailed, describe } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { storedState } from "../terraform/state";
import { requireVersion, terraformVersion } from "../terraform/terraform";

export interface CheckFlags {
  readonly json?: boolean;
}

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen, or what went wrong. */
  readonly seen: string;
  /** What to do where it is not as it should be. */
  readonly remedy?: string;
}

/**
 * Looks at what the other commands need: tools and proxy, and of an environment credentials, database and network. Nothing has to
 * be deployed, and nothing is written.
 */
export async function check(name: string | undefined, flags: CheckFlags, terminal: Terminal): Promise<void> {
  const target = name === undefined ? undefined : environment(name);
  const findings = [nodeJs(), await terraform(), cdktf(), proxy()];
  if (name !== undefined && target) {
    // By itself: it may ask for a password.
    findings.push(await database(target, terminal));
    const shared = await sharedDomain(target);
    if (typeof shared === "object") findings.push(shared);
    const domainUrl = typeof shared === "object" ? undefined : (shared ?? target.existingDomain?.domainUrl);
    const reached = await step(terminal, "network", () => Promise.all(network(target, domainUrl)));
    findings.push(...reached);
    // Where OCI cannot be reached, Oracle's SDK tries for minutes.
    findings.push(reached[0]?.ok ? await credentials(name, target, terminal) : untried);
  }
  const ok = findings.every((finding) => finding.ok);
  if (flags.json) terminal.json({ environment: name ?? null, ok, checks: findings });
  else terminal.log(findings.map(render).join("\n"));
  if (name === undefined && !flags.json)
    terminal.log("\nCredentials, database and network of one: npx ords-jwt check ENVIRONMENT");
  if (!ok) throw new CheckFailed();
}

function render({ what, ok, seen, remedy }: Finding): string {
  const verdict = ok ? colours.green("ok    ") : colours.red("FAILED");
  return `${verdict} ${cleanLines(`${what}: ${seen}`)}${remedy ? `\n       ${cleanLines(remedy)}` : ""}`;
}

/** Of one that is too old nothing would have been loaded. */
function nodeJs(): Finding {
  return { what: "Node.js", ok: true, seen: process.version };
}

function terraform(): Promise<Finding> {
  return finding("Terraform", "https://developer.hashicorp.com/terraform/install", async () => {
    const version = await terraformVersion();
    requireVersion(version);
    return version;
  });
}

/** Wanted by who types its commands, and by none of ours. */
function cdktf(): Finding {
  const file = join("node_modules", ".bin", "cdktf");
  const seen = existsSync(file) ? file : "its command is not installed here (npm install cdktf-cli); ours do without";
  return { what: "cdktf", ok: true, seen };
}

function proxy(): Finding {
  const { httpsProxy, httpProxy } = proxyUrls(process.env);
  const named = httpsProxy || httpProxy;
  const seen = named
    ? `${new URL(named).host}, but not for the database: that is httpsProxy of its connection`
    : "none named";
  return { what: "proxy", ok: true, seen };
}

const untried: Finding = {
  what: "OCI credentials",
  ok: false,
  seen: "not tried: OCI cannot be reached",
  remedy: "see to the network first",
};

function credentials(name: string, target: Environment, terminal: Terminal): Promise<Finding> {
  const { type = "ApiKey", configFileProfile = "DEFAULT" } = target.authentication ?? {};
  const remedies = {
    ApiKey: `see to profile ${configFileProfile} of ~/.oci/config: oci setup config`,
    SecurityToken: `sign in: oci session authenticate --profile-name ${configFileProfile} --region ${target.region}`,
    InstancePrincipal: "run this on an instance of OCI that a dynamic group names",
    ResourcePrincipal: "run this in a function or job of OCI that a dynamic group names",
  };
  return finding(
    "OCI credentials",
    remedies[type],
    async () => `may read ${await checkCredentials(name, target, terminal)}`,
  );
}

function database(target: Environment, terminal: Terminal): Promise<Finding> {
  const { connection, schema } = target.database;
  return finding("database", "docs/database-connection.md has each way to connect", () =>
    step(terminal, "database", () =>
      withConnection(target, terminal, async (session) => {
        const { ordsVersion, basePath } = await readActual(session, schema);
        const enabled =
          basePath === null ? "not REST-enabled yet (ORDS.ENABLE_SCHEMA)" : `REST-enabled at /${basePath}`;
        return `logged in as ${connection.user}; ORDS ${ordsVersion}; schema ${schema} ${enabled}`;
      }),
    ),
  );
}

/**
 * Of a domain that another environment makes, its URL, or why it is not known.
 * @returns undefined where there is no such domain
 */
async function sharedDomain({ existingDomain }: Environment): Promise<string | Finding | undefined> {
  const owner = existingDomain?.environment;
  if (owner === undefined) return undefined;
  const unknown = (seen: string) => ({
    what: "identity domain",
    ok: true,
    seen: `that of environment ${owner}, ${seen}`,
  });
  try {
    const { ords } = await storedState(owner, environment(owner));
    if (ords !== undefined) return parseOrdsOutput(ords, `the state of ${owner}`).client.domainUrl;
    return unknown(`which is not deployed yet: npx ords-jwt deploy ${owner} comes first`);
  } catch (error) {
    return unknown(`which was not looked at: ${describe(error)}`);
  }
}

/** The hosts that are called besides: that of the region, of a domain that is there, of the API. */
function network({ region, apiUrl }: Environment, domainUrl: string | undefined): Promise<Finding>[] {
  return [
    reach("network, OCI", identityUrl(region)),
    ...(domainUrl ? [reach("network, identity domain", domainUrl)] : []),
    ...(apiUrl ? [reach("network, API", apiUrl)] : []),
  ];
}

function reach(what: string, url: string): Promise<Finding> {
  const remedy =
    "let this machine reach it, or name a proxy in HTTPS_PROXY; for a certificate of one's own, NODE_EXTRA_CA_CERTS";
  return finding(what, remedy, async () => {
    const { origin } = new URL(url);
    // Whatever it answers: it can be reached.
    await sendForBeginning(origin);
    return `${origin} answers`;
  });
}

async function finding(what: string, remedy: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, seen: await look() };
  } catch (error) {
    return { what, ok: false, seen: describe(error), remedy };
  }
}
