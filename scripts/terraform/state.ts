import { terraform, type Where } from "./terraform";

/** A resource of a stack's state, as `terraform show -json` gives it. */
export interface StateResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly tainted?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What Terraform made for a stack and has not deleted yet. */
export async function managedResources(stack: string, where?: Where): Promise<StateResource[]> {
  const { values } = JSON.parse(await terraform(stack, ["show", "-json", "-no-color"], where));
  const resources: StateResource[] = values?.root_module?.resources ?? [];
  return resources.filter(({ mode }) => mode === "managed");
}

/** What the state holds, in words: after a failure nothing else can tell how far Terraform came. */
export async function stateInWords(stack: string): Promise<string> {
  try {
    const addresses = (await managedResources(stack)).map(({ address }) => address);
    if (addresses.length === 0) return "nothing that Terraform knows of";
    return `the state holds ${addresses.length} resources: ${addresses.join(", ")}`;
  } catch (error) {
    return `unknown (${(error as Error).message})`;
  }
}
