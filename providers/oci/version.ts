import { version } from "./package.json";

/** Version of oracle/oci that `schema.json` was taken from and that the stacks ask for. */
export const providerVersion = version;
