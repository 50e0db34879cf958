import "./providers/oci/require-bindings";
import { App } from "cdktf";
import { OrdsJwtStack } from "./constructs/ords-jwt-stack";
import { environment, environmentNames } from "./environments";

const app = new App();
for (const name of environmentNames) new OrdsJwtStack(app, name, environment(name));
app.synth();
