import "./providers/oci/require-bindings";
import { App } from "cdktf";
import { OrdsJwtStack } from "./constructs/ords-jwt-stack";
import { environment, environmentNames } from "./environments";

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
