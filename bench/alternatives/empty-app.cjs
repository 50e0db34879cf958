// What a synth costs at the least: an app of cdktf with one stack and nothing in it.
const { App, TerraformStack } = require("cdktf");

const app = new App({ skipValidation: true });
new TerraformStack(app, "empty");
app.synth();
