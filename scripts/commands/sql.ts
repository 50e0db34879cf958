import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { desiredState } from "../../ords/plan/desired";
import { registerChangelog, registerScript, unregisterScript } from "../../ords/sql/standalone";
import { VersionError } from "../../ords/version";
import type { Terminal } from "../terminal/terminal";
import { outputsOf } from "../terraform/outputs";

export interface SqlFlags {
  /** Print the script that unregisters. */
  readonly undo?: boolean;
  /** A changelog for Liquibase or a SQLcl project, with a rollback, in place of a script. */
  readonly changelog?: boolean;
  /** ORDS of the database that the script is for. @default - 24.3 or later */
  readonly ordsVersion?: string;
  /** File with the value of the output `ords`, in place of the Terraform state. */
  readonly outputs?: string;
  /** Take over what the stack did not make. */
  readonly adopt?: boolean;
  /** Leave public what is protected now. */
  readonly expose?: boolean;
  /** Publish the sample API first, or remove it as well. */
  readonly sampleApi?: boolean;
}

/** Prints a script that registers, for a DBA to read and run; connects to no database. */
export async function sql(name: string, flags: SqlFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  terminal.stdout.write(
    flags.undo
      ? forVersion(() => unregisterScript(name, target.database.schema, flags))
      : await registering(name, flags),
  );

  async function registering(stack: string, options: SqlFlags): Promise<string> {
    const { ords } = await outputsOf(stack, target, options.outputs);
    const written = options.changelog ? registerChangelog : registerScript;
    return forVersion(() => written(desiredState(ords), options));
  }
}

/** Here the version is what the caller says, not what a database has. */
function forVersion(script: () => string): string {
  try {
    return script();
  } catch (error) {
    throw error instanceof VersionError ? new ConfigurationError(error.message) : error;
  }
}
