import { z } from "zod";
import { text } from "./fields";
import { authenticationTypes } from "./words";

/** What an environment file says about signing in to OCI. */
export const authentication = z.strictObject({
  /** How Terraform signs in. @default "ApiKey" */
  type: z.enum(authenticationTypes).optional(),
  /** Profile of the OCI configuration file, for `ApiKey` and `SecurityToken`. @default - the profile DEFAULT */
  configFileProfile: text.optional(),
});

/** How Terraform, the hooks that it runs, and the commands sign in to OCI; the region is the tenancy's home region. */
export type Authentication = z.output<typeof authentication> & { readonly region: string };
