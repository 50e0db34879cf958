import { Failure } from "../errors";

/** Something is wrong with what the caller gave us: exit code 2. Apart from what checks it, which loads `zod`. */
export class ConfigurationError extends Failure {
  readonly code = "invalid-input";
}
