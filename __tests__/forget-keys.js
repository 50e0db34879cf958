const { rmSync } = require("node:fs");

/** After all tests. */
module.exports = () => {
  rmSync(process.env.STAND_IN_KEYS, { recursive: true });
};
