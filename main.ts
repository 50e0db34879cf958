import "./providers/oci/require-bindings";
import { App } from "cdktf";
import { environmentNames } from "./config/environment-names";
import { environment } from "./config/environments";
import { missingTerraform } from "./config/terraform";
import { OrdsJwtStack } from "./constructs/ords-jwt-stack";

const missing = missingTerraform();
if (missing !== undefined) {
  // cdktf would name whichever stack comes first.
  console.error(`error: ${missing}`);
  process.exit(3);
}
// cdktf notes a stack trace with each token; led back to TypeScript, those took a fifth of a synth.
process.setSourceMapsEnabled(false);
// Nor does a synth ask Terraform for its version, once a stack: `terraform init` compares it with `required_version`.
const app = new App({ skipValidation: true });
for (const name of environmentNames) {
  try {
    new OrdsJwtStack(app, name, environment(name));
  } catch (error) {
    console.error(`environment ${name}: ${(error as Error).message}`);
    process.exit(2);
  }
}
app.synth();
