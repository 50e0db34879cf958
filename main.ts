import { App } from "cdktf";
import { addEnvironments } from "ords-jwt";

// No synth asks Terraform for its version, once a stack: `terraform init` compares it with `required_version`.
const app = new App({ skipValidation: true });
addEnvironments(app);
app.synth();
