import { version } from "@cdktf/provider-oci/package.json";
import schema from "@cdktf/provider-oci/schema.json";
import { ProviderSchema } from "../../terraform-provider/schema";

/** The provider that the tests install. */
export const ociProvider = { schema, version };

export const providerSchema = new ProviderSchema(schema);
