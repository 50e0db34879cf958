import type { Environment } from "../../config/environment";
import { enabledSchemas, readActual } from "../../ords/database/read";
import { Coverage } from "../../ords/plan/coverage";
import { withConnection } from "../database";
import { Oci, ociMessage } from "../oci/client";
import { describe } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import type { OciProfile } from "./oci-profiles";
import type { Choice } from "./questions";

/** What OCI can be asked for defaults and choices. What it does not answer is said, and is no reason to stop. */
export interface OciLookups {
  homeRegion(): Promise<string | undefined>;
  compartments(): Promise<Choice[]>;
  domains(compartmentOcid: string): Promise<Choice[]>;
}

/** Of the tenancy that a profile signs in to; of nothing where there is no profile. */
export function ociLookups(profile: OciProfile | undefined, terminal: Terminal): OciLookups {
  const { name, region = "", tenancy = "", hasSecurityToken = false } = profile ?? {};
  const type = hasSecurityToken ? "SecurityToken" : "ApiKey";
  const oci = new Oci({ region, type, configFileProfile: name }, (line) => terminal.error(line), true);
  let reachable = region !== "" && tenancy !== "";
  const look = async <T>(what: string, nothing: T, work: () => Promise<T>): Promise<T> => {
    if (!reachable) return nothing;
    try {
      return await step(terminal, `look up ${what}`, work);
    } catch (error) {
      terminal.error(`cannot look up ${what}: ${ociMessage(error)}`);
      reachable = false;
      return nothing;
    }
  };
  return {
    homeRegion: () => look("the home region", undefined, () => oci.homeRegion(tenancy)),
    compartments: () =>
      look("the compartments", [], async () => [
        { value: tenancy, about: "the root" },
        ...(await oci.compartments(tenancy)).map(({ id, name }) => ({ value: id, about: name })),
      ]),
    domains: (compartmentOcid) =>
      look("the domains", [], async () =>
        (await oci.domains(compartmentOcid)).map(({ name, url }) => ({ value: url, about: name })),
      ),
  };
}

/** What a database can be asked about a schema. */
export interface SchemaLookups {
  readonly schemas: readonly Choice[];
  /** Modules of a schema, with what protects them now. */
  modules(schema: string): Promise<Choice[]>;
}

/**
 * Logs in once for the schemas and once for the modules; nothing where that fails, which is said.
 */
export async function schemaLookups(target: Pick<Environment, "database">, terminal: Terminal): Promise<SchemaLookups> {
  const look = async (what: string, work: () => Promise<Choice[]>): Promise<Choice[]> => {
    try {
      return await work();
    } catch (error) {
      terminal.error(`cannot look up ${what}: ${describe(error)}`);
      return [];
    }
  };
  const schemas = await look("the schemas", () =>
    withConnection(target, terminal, async (connection) =>
      (await enabledSchemas(connection)).map((value) => ({ value })),
    ),
  );
  return {
    schemas,
    async modules(schema) {
      if (schemas.length === 0) return [];
      return look("the modules", () =>
        withConnection(target, terminal, async (connection) => {
          const { modules, privileges } = await readActual(connection, schema);
          const coverage = new Coverage(privileges, modules);
          return modules.map(({ name }) => {
            const by = privileges.filter((privilege) => privilege.modules.includes(name)).map((each) => each.name);
            const endpoints = coverage.endpoints(name);
            const isOpen = endpoints.length === 0 || endpoints.some((each) => coverage.openAreas(each).length > 0);
            const protection = by.length > 0 ? `protected by ${by.join(", ")}` : "protected by patterns";
            return { value: name, about: by.length === 0 && isOpen ? "public now" : protection };
          });
        }),
      );
    },
  };
}
