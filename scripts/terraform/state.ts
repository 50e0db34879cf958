import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "../../config/environment";
import { readJson, stackFolder, terraform, type Where } from "./terraform";

const instanceSchema = z.object({
  index_key: z.union([z.string(), z.number()]).optional(),
  status: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});
/** The parts of a state, version 4, that are read. */
const stateSchema = z.object({
  resources: z
    .array(
      z.object({
        mode: z.string(),
        module: z.string().optional(),
        type: z.string(),
        name: z.string(),
        instances: z.array(instanceSchema),
      }),
    )
    .default([]),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});
type State = z.output<typeof stateSchema>;

/** A resource that Terraform made and has not deleted. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  /** Terraform does not know whether it is whole, and will make it anew. */
  readonly tainted: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * What Terraform made for a stack and has not deleted yet. The stack is initialized. Of the state itself: to show it, Terraform would
 * start the provider.
 */
export async function managedResources(stack: string, where?: Where): Promise<StateResource[]> {
  return managedIn(await pulled(stack, where));
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

/** What a stack's state says, as it is stored. */
export interface StoredState {
  /** How many resources Terraform made and has not deleted. */
  readonly resources: number;
  /** The output `ords`; undefined before the first deploy is through. */
  readonly ords: unknown;
  /** When it was written, where a local file tells. */
  readonly changed: Date | undefined;
}

/**
 * Reads the state of a stack: a local one from its file, without Terraform; another one by Terraform, where the stack was
 * initialized.
 * @throws OutsideError when it cannot be read
 */
export async function storedState(stack: string, { backend }: Environment): Promise<StoredState> {
  if (backend && backend.type !== "local") return summary(await pulled(stack), undefined);
  const { path = `../../../state/${stack}.tfstate` } = backend?.attributes ?? {};
  // As Terraform takes it, from where it runs.
  const file = join(stackFolder(stack), String(path));
  const changed = statSync(file, { throwIfNoEntry: false })?.mtime;
  return summary(read(changed ? readFileSync(file, "utf8") : "", stack), changed);
}

function summary(state: State, changed: Date | undefined): StoredState {
  return { resources: managedIn(state).length, ords: state.outputs.ords?.value, changed };
}

async function pulled(stack: string, where?: Where): Promise<State> {
  return read(await terraform(stack, ["state", "pull"], where), stack);
}

/** Before the first apply there is none. */
function read(text: string, stack: string): State {
  return text.trim() === "" ? stateSchema.parse({}) : readJson(text, stateSchema, `the state of stack ${stack}`);
}

function managedIn({ resources }: State): StateResource[] {
  const managed = resources.filter(({ mode }) => mode === "managed");
  return managed.flatMap(({ module, type, name, instances }) =>
    instances.map(({ index_key: key, status, attributes }) => ({
      address: `${module ? `${module}.` : ""}${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`,
      type,
      tainted: status === "tainted",
      values: attributes ?? {},
    })),
  );
}
