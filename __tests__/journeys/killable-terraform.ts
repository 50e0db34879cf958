import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program in place of Terraform, for `TERRAFORM_BINARY_NAME`, whose applies and destroys can be killed. */
export interface KillableTerraform {
  readonly binary: string;
  /** Ends the one that works on a stack, if one does. */
  kill(stack: string): void;
}

/** Where `EXIT_CODE` is set, it ends with that, whatever became of Terraform. */
export function killableTerraform(folder: string): KillableTerraform {
  const binary = join(folder, "terraform");
  // The first argument ends with the stack's name.
  const note = (pid: string) => `case "$2" in apply|destroy) echo ${pid} > '${folder}'/"\${1##*/}.pid" ;; esac`;
  const wrapped = `terraform "$@" &\n${note("$!")}\nwait $!\nexit $EXIT_CODE`;
  writeFileSync(
    binary,
    `#!/bin/sh\nif [ -n "$EXIT_CODE" ]; then\n${wrapped}\nfi\n${note("$$")}\nexec terraform "$@"\n`,
  );
  chmodSync(binary, 0o755);
  return {
    binary,
    kill(stack) {
      const file = join(folder, `${stack}.pid`);
      if (existsSync(file)) process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
      rmSync(file, { force: true });
    },
  };
}
