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
const app = new App();
for (const name of environmentNames) {
  try {
    new OrdsJwtStack(app, name, environment(name));
  } catch (error) {
    console.error(`environment ${name}: ${(error as Error).message}`);
    process.exit(2);
  }
}
app.synth();
