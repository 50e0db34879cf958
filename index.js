// What the package exports: see index.ts.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const load = require("./scripts/load");

// An environment file needs no more than its own function, and cdktf takes long to load: each is loaded when it is asked for.
// (Assigned first, because an import from an ES module looks for names without running this.)
exports.AppDeactivation = exports.ClientApp = exports.ConfidentialApp = exports.DeveloperClient = undefined;
exports.DomainGroup =
  exports.DomainUser =
  exports.IdentityDomain =
  exports.OciProvider =
  exports.OrdsJwtStack =
    undefined;
exports.addEnvironments = exports.defineEnvironment = exports.ordsOutput = undefined;
for (const name of Object.keys(exports)) {
  const get = name === "defineEnvironment" ? () => load("config/define-environment")[name] : () => constructs()[name];
  Object.defineProperty(exports, name, { enumerable: true, get });
}

function constructs() {
  // Of a checkout that was installed with --ignore-scripts: their absence would be a bare "cannot find module".
  if (load.isCheckout && !existsSync(join(__dirname, "providers/oci/lib"))) {
    console.error("the typed bindings of the OCI provider are missing (providers/oci/lib): run: npm run bindings");
    process.exit(2);
  }
  return load("index");
}
