import { join } from "node:path";

/** The files of an installation: what `installProvider` writes and the process reads. */
export function filesOf(root: string): { cliConfigFile: string; schema: string; identity: string } {
  return {
    cliConfigFile: join(root, "terraform.rc"),
    schema: join(root, "schema.json"),
    identity: join(root, "identity.pem"),
  };
}
