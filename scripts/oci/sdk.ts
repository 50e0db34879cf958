/** Oracle's SDK, by package: each is hundreds of files, a hook needs two of them, and most runs of a command none. */
export const common = () => require("oci-common") as typeof import("oci-common");
export const identity = () => require("oci-identity") as typeof import("oci-identity");
