import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFileErrors } from "../../private-folder";

/**
 * A file for a plan of Terraform, which holds secrets: it has no name, so that nothing can leave it behind, no signal either. It lives as
 * long as somebody has it open.
 */
export interface PlanFile {
  /** As it is open here. */
  readonly descriptor: number;
  /** As a program finds it that is given the descriptor as its fourth. */
  readonly path: string;
}

/** @throws what the work throws, and an error that names the folder when no file can be made in it */
export async function withPlanFile<T>(work: (file: PlanFile) => Promise<T>): Promise<T> {
  const descriptor = namelessFile();
  try {
    return await work({ descriptor, path: "/dev/fd/3" });
  } finally {
    closeSync(descriptor);
  }
}

/** Its name goes before anything is in it. */
function namelessFile(): number {
  return withFileErrors(tmpdir(), () => {
    const folder = mkdtempSync(join(tmpdir(), "ords-jwt-plan-"));
    try {
      return openSync(join(folder, "plan"), "wx+", 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
