import { compareNumbers, integer } from "./numbers";
import { forNamedSchema, forOwnSchema, mandatory, optional, type SchemaProcedure } from "./ords-procedures";
import { invented } from "./ords-schema";
import type { Package } from "./packages";
import type { OrdsVersion } from "./versions";

const maxAllowedSkew = integer(60);

function createProfile(withRoleClaim: boolean): SchemaProcedure {
  return {
    name: "CREATE_JWT_PROFILE",
    parameters: [
      mandatory("P_ISSUER"),
      mandatory("P_AUDIENCE"),
      mandatory("P_JWK_URL"),
      optional("P_DESCRIPTION"),
      optional("P_ALLOWED_SKEW", null, "NUMBER"),
      optional("P_ALLOWED_AGE", null, "NUMBER"),
      ...(withRoleClaim ? [optional("P_ROLE_CLAIM_NAME")] : []),
    ],
    run: (schema, given) => {
      const url = given.text("P_JWK_URL");
      if (url !== null && !(url.startsWith("https://") && URL.canParse(url))) {
        throw invented.invalidArgument(`Invalid JWK URL : ${url}`);
      }
      const skew = given.number("P_ALLOWED_SKEW");
      if (skew && compareNumbers(skew, maxAllowedSkew) > 0) {
        throw invented.invalidArgument(`Invalid allowed skew : ${skew.number}, maximum ${maxAllowedSkew.number}`);
      }
      const roleClaim = withRoleClaim ? given.text("P_ROLE_CLAIM_NAME") : null;
      // A JSON Pointer (RFC 6901); "~" stands only before 0 or 1. The whole document, "", is NULL here.
      if (roleClaim !== null && !/^\/(?:[^~]|~[01])*$/.test(roleClaim)) {
        throw invented.invalidArgument(`Invalid role claim name : ${roleClaim}`);
      }
      // One profile per schema: the unique key of the table refuses a second one (ORDS's own error is not known).
      schema.insert("OAUTH_JWT_PROFILE", {
        ISSUER: given.text("P_ISSUER"),
        AUDIENCE: given.text("P_AUDIENCE"),
        JWK_URL: url,
        DESCRIPTION: given.text("P_DESCRIPTION"),
        ALLOWED_SKEW: skew,
        ALLOWED_AGE: given.number("P_ALLOWED_AGE"),
        ROLE_CLAIM_NAME: roleClaim,
      });
    },
  };
}

/** Deleting a profile that is not there is no error: Oracle's samples do it before they create one. */
const deleteProfile: SchemaProcedure = {
  name: "DELETE_JWT_PROFILE",
  parameters: [],
  run: (schema) => schema.deleteAll("OAUTH_JWT_PROFILE", {}),
};

/** ORDS_SECURITY from 24.3; its predecessor OAUTH from 23.3, desupported from 25.3 and gone here. */
export function jwtProfilePackages(version: OrdsVersion, administrator: boolean): Package[] {
  const names = [
    ...(version.atLeast("23.3") && !version.atLeast("25.3") ? [{ name: "OAUTH", roleClaim: false }] : []),
    ...(version.atLeast("24.3") ? [{ name: "ORDS_SECURITY", roleClaim: version.atLeast("25.1") }] : []),
  ];
  return names.flatMap(({ name, roleClaim }): Package[] => {
    const procedures = [createProfile(roleClaim), deleteProfile];
    const own: Package = { owner: "ORDS_METADATA", name, subprograms: procedures.map(forOwnSchema) };
    const admin: Package = { ...own, name: `${name}_ADMIN`, subprograms: procedures.map(forNamedSchema) };
    return administrator ? [own, admin] : [own];
  });
}
