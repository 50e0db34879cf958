import { invented, OrdsSchema } from "./ords-schema";
import type { Arguments, Parameter, Subprogram } from "./packages";

/** A procedure that works on one REST-enabled schema: the session user's, or with a leading P_SCHEMA the one named. */
export interface SchemaProcedure {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  run(schema: OrdsSchema, given: Arguments): void;
}

export const mandatory = (name: string, type: Parameter["type"] = "VARCHAR2"): Parameter => ({ name, type });
export const optional = (name: string, value: Parameter["default"] = null, type: Parameter["type"] = "VARCHAR2") => {
  return { name, type, default: value } as const;
};

/** The session user decides, whatever CURRENT_SCHEMA says. */
export function forOwnSchema(procedure: SchemaProcedure): Subprogram {
  return {
    ...procedure,
    run: (given, session) => {
      procedure.run(OrdsSchema.enabled(session, session.user), given);
      return null;
    },
  };
}

/** The twin in the `*_ADMIN` package. */
export function forNamedSchema(procedure: SchemaProcedure): Subprogram {
  return {
    ...procedure,
    parameters: [mandatory("P_SCHEMA"), ...procedure.parameters],
    run: (given, session) => {
      procedure.run(OrdsSchema.enabled(session, given.text("P_SCHEMA")), given);
      return null;
    },
  };
}

/** Checks a parameter that takes one of a few words. */
export function oneOf(parameter: string, value: string | null, allowed: string[]): string {
  if (value !== null && allowed.includes(value)) return value;
  throw invented.invalidArgument(`Invalid ${parameter} : ${value ?? ""}, must be one of ${allowed.join(", ")}`);
}
