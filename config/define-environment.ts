import type { EnvironmentInput } from "./environment";

/** What an environment file exports: given as it is, so that an editor knows every entry. It is checked when a command reads it. */
export function defineEnvironment(environment: EnvironmentInput): EnvironmentInput {
  return environment;
}
