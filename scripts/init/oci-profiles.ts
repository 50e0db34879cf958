import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A profile of the OCI configuration file. */
export interface OciProfile {
  readonly name: string;
  readonly region: string | undefined;
  readonly tenancy: string | undefined;
  /** Signs in with a session's token, not with an API key. */
  readonly hasSecurityToken: boolean;
}

/** The profiles of `OCI_CONFIG_FILE`, by default `~/.oci/config`; none where there is no such file. */
export function ociProfiles(): OciProfile[] {
  const file = process.env.OCI_CONFIG_FILE ?? join(process.env.HOME ?? homedir(), ".oci", "config");
  if (!existsSync(file)) return [];
  const [, ...sections] = readFileSync(file, "utf8").split(/^\s*\[/m);
  return sections.map((section) => {
    const entry = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, "m").exec(section)?.[1];
    return {
      name: section.slice(0, section.indexOf("]")).trim(),
      region: entry("region"),
      tenancy: entry("tenancy"),
      hasSecurityToken: entry("security_token_file") !== undefined,
    };
  });
}
