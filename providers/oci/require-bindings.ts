import { existsSync } from "node:fs";
import { join } from "node:path";

// Imported before anything that imports a binding, whose absence would otherwise be a bare "cannot find module".
if (!existsSync(join(__dirname, "lib"))) {
  console.error("the typed bindings of the OCI provider are missing (providers/oci/lib): run: npm run bindings");
  process.exit(2);
}
