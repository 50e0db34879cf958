import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environmentNames, environmentsFolder } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { Failure } from "../../errors";
import { withFileErrors, writePrivateFile } from "../../private-folder";
import { outputsIfDeployed } from "./outputs";
import { managedResources } from "./state";
import { initialize, stackFolder } from "./terraform";

/** The environment that makes the domain of this one, if another does. */
export function domainOwner(stack: string): string | undefined {
  return environment(stack).existingDomain?.environment;
}

/**
 * Has Terraform read the state of the environment that makes the stack's domain when it plans, or, where that one is not deployed, leave it
 * to the apply.
 * @returns whether it is deployed
 */
export async function settleDomainOwner(stack: string, owner: string): Promise<boolean> {
  await initialize(owner);
  const isDeployed = (await outputsIfDeployed(owner)) !== undefined;
  // A plan does not know the time.
  const workspace = isDeployed ? "default" : '${substr("default${timestamp()}", 0, 7)}';
  const content = { data: { terraform_remote_state: { domain_owner: { workspace } } } };
  writePrivateFile(overrideFile(stack), JSON.stringify(content));
  return isDeployed;
}

/** Once it was planned: a plan by cdktf itself is not to be told of what was. */
export function forgetDomainOwner(stack: string): void {
  const file = overrideFile(stack);
  withFileErrors(file, () => rmSync(file, { force: true }));
}

/** Who uses the domain that a stack makes, and of whom that cannot be told. */
interface DomainUsers {
  readonly users: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Who in this project uses the domain that a stack makes: environments that name it and are deployed, be it in part. They are synthesized.
 * @param gone those that are known to use it no longer
 */
export async function domainUsers(owner: string, gone: ReadonlySet<string> = new Set()): Promise<DomainUsers> {
  const [users, unknown]: [string[], string[]] = [[], []];
  for (const name of environmentNames()) {
    if (name === owner || gone.has(name)) continue;
    try {
      if (!usesDomainOf(name, owner)) continue;
      await initialize(name);
      if ((await managedResources(name)).length > 0) users.push(name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unknown.push(`${name} (${error.message.split("\n")[0]})`);
    }
  }
  return { users, unknown };
}

/**
 * Whether an environment uses the domain that another makes. A file that cannot be loaded does not where it says nothing of an existing domain
 * and takes values from no other file.
 * @throws what is wrong with a file that may
 */
function usesDomainOf(name: string, owner: string): boolean {
  try {
    return domainOwner(name) === owner;
  } catch (error) {
    const text = readFileSync(join(environmentsFolder(), `${name}.ts`), "utf8");
    const ours = /import\s+type\b[^"']*["'][^"']*["']|import[^"']*["']ords-jwt["']/g;
    if (/existingDomain|\brequire\b|\bimport\b/.test(text.replace(ours, ""))) throw error;
    return false;
  }
}

/** Beside what cdktf synthesized: Terraform merges it into the block of that name. */
function overrideFile(stack: string): string {
  return join(stackFolder(stack), "domain_owner_override.tf.json");
}
