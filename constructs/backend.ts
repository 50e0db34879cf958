import { LocalBackend, type TerraformStack } from "cdktf";

/** Where Terraform keeps the state of a stack: the type of a backend, and its attributes in Terraform's own words. */
export interface Backend {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Keeps the state in `state/NAME.tfstate` of the project, or in another backend. */
export function setBackend(stack: TerraformStack, name: string, backend: Backend | undefined): void {
  // Relative to cdktf.out/stacks/NAME, where Terraform runs: the same JSON in every folder.
  new LocalBackend(stack, { path: `../../../state/${name}.tfstate` });
  if (!backend || backend.type === "local") {
    if (backend) stack.addOverride("terraform.backend.local", backend.attributes);
    return;
  }
  // An override is merged beside what is there, and Terraform refuses two backends.
  stack.addOverride("terraform.backend.local", undefined);
  stack.addOverride(`terraform.backend.${backend.type}`, backend.attributes);
}
