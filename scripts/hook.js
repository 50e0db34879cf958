// What Terraform runs before it deletes an app or a domain, by the package's name: see constructs/deactivation.ts.
require("./typescript");
require("./load")("scripts/deactivate");
