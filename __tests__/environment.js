const asyncHooks = require("node:async_hooks");
const { TestEnvironment } = require("jest-environment-node");
require("./compile-once");

const { AsyncLocalStorage } = asyncHooks;

/** What jest keeps beside a test while it runs; of tests that run side by side, what the last one put there. */
class OneAtATime {
  #store;

  getStore() {
    return this.#store;
  }

  run(store, callback) {
    const outer = this.#store;
    this.#store = store;
    return callback().finally(() => {
      this.#store = outer;
    });
  }
}

/**
 * Node's environment for jest. By what jest keeps, it finds the test that an error belongs to which nobody caught; but it makes a
 * storage for each file and ends none, and Node before 24 then serves all of them whenever a promise is made: an eighth of the run.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    asyncHooks.AsyncLocalStorage = OneAtATime;
  }

  handleTestEvent({ name }) {
    // jest has loaded its own by now, and tests have not begun to load theirs.
    if (name === "setup") asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
  }
};
