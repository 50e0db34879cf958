const { default: Sequencer } = require("@jest/test-sequencer");

/** Files that take long: the end-to-end journeys, the rows of trust, and one that waits for the driver. */
const long = /\/__tests__\/(journeys\/|trust\.test|scripts\/port\.test)/;

/** The order of test files for jest: the longest first, for one that starts last would be waited for alone. */
module.exports = class extends Sequencer {
  sort(tests) {
    // Where nothing is known yet of how long each takes, jest goes by their size, which says little of these.
    return super.sort(tests).sort((a, b) => long.test(b.path) - long.test(a.path));
  }
};
