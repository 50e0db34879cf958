const { mkdirSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "../node_modules/.cache/stand-in-keys");

/** Before all tests: where stand-ins keep the keys and authorities that they make, which nobody trusts, so that no test file need make its own. */
module.exports = () => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env.STAND_IN_KEYS = folder;
};
