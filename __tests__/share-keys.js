const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Before all tests: where stand-ins keep the keys that they make, so that each test file need not make its own. */
module.exports = () => {
  process.env.STAND_IN_KEYS = mkdtempSync(join(tmpdir(), "stand-in-keys-"));
};
