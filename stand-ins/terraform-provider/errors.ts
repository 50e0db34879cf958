import type { Path } from "./plan";

/** An error in what the configuration says; the diagnostic points at the attribute. */
export class ConfigurationError extends Error {
  constructor(
    message: string,
    readonly path: Path,
  ) {
    super(message);
  }
}

/** A create that failed after the API had made something: state must keep it, so that it can be deleted. */
export class PartlyCreatedError extends Error {
  constructor(
    readonly id: string,
    readonly reason: unknown,
  ) {
    super(`created ${id}, then failed`);
  }
}

/** An answer of the API that is no success. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Empty for an identity domain, whose reasons the real provider's SDK does not read. */
    readonly reason: string,
    readonly request: {
      /** `PUT https://HOST/admin/v1/Apps/ID` */
      target: string;
      /** `PutApp` */
      operation: string;
      /** The `opc-request-id` of the answer; empty when it had none. */
      id: string;
    },
  ) {
    super(`${request.target} (${request.operation}): ${status}-${code}, ${reason}`);
  }
}

/** Diagnostics in the shape of the wire. Errors read like the real provider's, which puts everything into the summary. */
export function diagnostic(error: unknown): object {
  if (error instanceof PartlyCreatedError) return diagnostic(error.reason);
  if (error instanceof ServiceError) {
    const { target, operation, id } = error.request;
    const request = `Request Target: ${target} \nOperation Name: ${operation} \nOPC request ID: ${id} \n`;
    return { severity: "ERROR", summary: `${error.status}-${error.code}, ${error.reason}\n${request}`, detail: "" };
  }
  const summary = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ConfigurationError)) return { severity: "ERROR", summary, detail: "" };
  return { severity: "ERROR", summary, detail: "", attribute: wirePath(error.path) };
}

export function wirePath(path: Path): object {
  const steps = path.map((step) => (typeof step === "number" ? { element_key_int: step } : { attribute_name: step }));
  return { steps };
}
