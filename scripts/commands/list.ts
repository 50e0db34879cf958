import type { Environment } from "../../config/environment";
import { environmentNames } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { parseOrdsOutput } from "../../ords/output";
import { clean } from "../terminal/clean";
import { aligned } from "../terminal/columns";
import { describe } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";
import { storedState } from "../terraform/state";

export interface ListFlags {
  readonly json?: boolean;
}

/** An environment, as far as its file and its state tell without asking OCI or a database. */
interface Row {
  readonly environment: string;
  /** `in part`: a deploy was begun and is not through. `unknown`: `problem` says why. */
  readonly state: "deployed" | "not deployed" | "in part" | "unknown";
  readonly schema: string | null;
  /** URL of the domain once it is known, and before that its name, OCID or URL in the file. */
  readonly domain: string | null;
  /** ISO 8601, UTC; null where the state does not tell. */
  readonly changed: string | null;
  readonly problem?: string;
}

/** Lists the environments of this folder. A fault in one is in the way of no other. */
export async function list(flags: ListFlags, terminal: Terminal): Promise<void> {
  const rows = await Promise.all(environmentNames().map(rowOf));
  if (flags.json) return terminal.json({ environments: rows });
  if (rows.length === 0) return terminal.log("no environments in this folder: npx ords-jwt init makes one");
  const cells = rows.map(({ environment, state, schema, domain, changed }) => [
    environment,
    state,
    schema ?? "-",
    changed?.slice(0, 16).replace("T", " ") ?? "-",
    domain ?? "-",
  ]);
  const table = [["ENVIRONMENT", "STATE", "SCHEMA", "CHANGED (UTC)", "DOMAIN"], ...cells];
  const lines = aligned(table.map((line) => line.map(clean))).map((line) => line.join("  ").trimEnd());
  terminal.log(lines.join("\n"));
  for (const { environment, problem } of rows) if (problem) terminal.log(`! ${environment}: ${problem}`);
}

function existingInWords(found: Environment["existingDomain"]): string | null {
  return found?.environment !== undefined
    ? `that of ${found.environment}`
    : (found?.domainUrl ?? found?.domainOcid ?? null);
}

async function rowOf(name: string): Promise<Row> {
  const nothing = { environment: name, schema: null, domain: null, changed: null };
  try {
    const target = environment(name);
    const { domain, existingDomain, database } = target;
    const declared = {
      environment: name,
      schema: database.schema,
      domain: domain?.displayName ?? existingInWords(existingDomain),
    };
    try {
      const { resources, ords, changed } = await storedState(name, target);
      const known = { ...declared, changed: changed?.toISOString() ?? null };
      if (resources === 0) return { ...known, state: "not deployed" };
      if (ords === undefined) return { ...known, state: "in part" };
      return { ...known, state: "deployed", domain: parseOrdsOutput(ords, `the state of ${name}`).client.domainUrl };
    } catch (error) {
      return { ...declared, changed: null, state: "unknown", problem: describe(error) };
    }
  } catch (error) {
    return { ...nothing, state: "unknown", problem: describe(error) };
  }
}
