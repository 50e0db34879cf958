import { z } from "zod";
import { terraformJson, type Where } from "./terraform";

const resourceSchema = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  tainted: z.boolean().optional(),
  values: z.record(z.string(), z.unknown()).default({}),
});
/** There is nothing in it before the first apply. */
const stateSchema = z.object({
  values: z.object({ root_module: z.object({ resources: z.array(resourceSchema).optional() }).optional() }).optional(),
});

/** A resource of a stack's state, as `terraform show -json` gives it. */
export type StateResource = Readonly<z.output<typeof resourceSchema>>;

/** What Terraform made for a stack and has not deleted yet. */
export async function managedResources(stack: string, where?: Where): Promise<StateResource[]> {
  const { values } = await terraformJson(stack, ["show", "-no-color"], stateSchema, where);
  const { resources = [] } = values?.root_module ?? {};
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
