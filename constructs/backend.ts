import { LocalBackend, type TerraformStack } from "cdktf";

/** Where Terraform keeps the state of a stack: the type of a backend, and its attributes in Terraform's own words. */
export interface Backend {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Where the state of an environment is: in `state/NAME.tfstate` of the project, or where its file says. */
export function backendOf(name: string, backend: Backend | undefined): Backend {
  if (backend && backend.type !== "local") return backend;
  return { type: "local", attributes: { path: localState(name), ...backend?.attributes } };
}

/** Relative to cdktf.out/stacks/NAME, where Terraform runs: the same JSON in every folder. */
function localState(name: string): string {
  return `../../../state/${name}.tfstate`;
}

/** Keeps the state of a stack there. */
export function setBackend(stack: TerraformStack, name: string, backend: Backend): void {
  new LocalBackend(stack, { path: localState(name) });
  if (backend.type === "local") {
    stack.addOverride("terraform.backend.local", backend.attributes);
    return;
  }
  // An override is merged beside what is there, and Terraform refuses two backends.
  stack.addOverride("terraform.backend.local", undefined);
  stack.addOverride(`terraform.backend.${backend.type}`, backend.attributes);
}
