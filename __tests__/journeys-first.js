const { default: Sequencer } = require("@jest/test-sequencer");

/** The order of test files for jest: the longest first, for one that starts last would be waited for alone. */
module.exports = class extends Sequencer {
  sort(tests) {
    // Where nothing is known yet of how long each takes, jest goes by their size, which says little of journeys.
    const isJourney = ({ path }) => path.includes("/__tests__/journeys/");
    return super.sort(tests).sort((a, b) => isJourney(b) - isJourney(a));
  }
};
