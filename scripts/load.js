const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

/** Whether this is a checkout, whose sources run as they are; the package holds what they were compiled to. */
const isCheckout = existsSync(join(__dirname, "cli.ts"));

/** Loads a module of ours, named by its path from the root without extension. */
module.exports = (name) => require(join(root, isCheckout ? `${name}.ts` : `dist/${name}.js`));
module.exports.isCheckout = isCheckout;
