const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/__tests__/environment.js",
  globalSetup: "<rootDir>/__tests__/share-keys.js",
  roots: ["<rootDir>/__tests__", "<rootDir>/stand-ins/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.[mc]?[jt]s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  // These packages ship only ES modules; jest loads CommonJS.
  transformIgnorePatterns: [
    "/node_modules/(?!(@seriousme|jose|oauth4webapi|yocto-spinner|yoctocolors|fast-string-width|fast-string-truncated-width|fast-wrap-ansi|supports-hyperlinks|supports-color|has-flag)/)",
    "/providers/oci/lib/",
  ],
  // Only to end what hangs: no test may depend on how fast the machine is.
  testTimeout: 300_000,
  // Much of the time goes into waiting for processes that the tests start; the default would leave cores idle.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // What Node keeps of a test file that has ended makes the next ones slower, and each process that they start.
  workerIdleMemoryLimit: "500MB",
  testSequencer: "<rootDir>/__tests__/longest-first.js",
  reporters: ["default", "<rootDir>/__tests__/slowest-reporter.js"],
  // Also where a person looks on: what is tested is what a log would hold.
  setupFiles: ["<rootDir>/__tests__/variables.js"],
};
