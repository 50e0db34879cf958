import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "../../config/environment";
import { readJson, terraform } from "./terraform";

/** The parts of a state, version 4, that are read. */
const stateSchema = z.object({
  resources: z.array(z.object({ mode: z.string(), instances: z.array(z.unknown()) })).default([]),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});

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
  if (backend && backend.type !== "local") return read(await terraform(stack, ["state", "pull"]), stack, undefined);
  const { path = `../../../state/${stack}.tfstate` } = backend?.attributes ?? {};
  // As Terraform takes it, from where it runs.
  const file = join("cdktf.out", "stacks", stack, String(path));
  const changed = statSync(file, { throwIfNoEntry: false })?.mtime;
  if (!changed) return { resources: 0, ords: undefined, changed };
  return read(readFileSync(file, "utf8"), stack, changed);
}

function read(text: string, stack: string, changed: Date | undefined): StoredState {
  // Before the first apply there is none.
  const { resources, outputs } =
    text.trim() === "" ? stateSchema.parse({}) : readJson(text, stateSchema, `the state of stack ${stack}`);
  const managed = resources.filter(({ mode }) => mode === "managed");
  return {
    resources: managed.reduce((sum, { instances }) => sum + instances.length, 0),
    ords: outputs.ords?.value,
    changed,
  };
}
