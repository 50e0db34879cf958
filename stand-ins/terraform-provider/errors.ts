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
    message: string,
    /** What was asked: `PUT https://... (Identity Domains, PutApp, opc-request-id ...)`. */
    readonly request: string,
  ) {
    super(message);
  }
}

/** Diagnostics in the shape of the wire. Errors read like the real provider's: `409-Conflict, <message>`. */
export function diagnostic(error: unknown): object {
  if (error instanceof PartlyCreatedError) return diagnostic(error.reason);
  if (error instanceof ServiceError) {
    const summary = `${error.status}-${error.code}, ${error.message}`;
    return { severity: "ERROR", summary, detail: `The API refused: ${error.request}` };
  }
  const summary = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ConfigurationError)) return { severity: "ERROR", summary, detail: "" };
  return { severity: "ERROR", summary, detail: "", attribute: wirePath(error.path) };
}

export function wirePath(path: Path): object {
  const steps = path.map((step) => (typeof step === "number" ? { element_key_int: step } : { attribute_name: step }));
  return { steps };
}
