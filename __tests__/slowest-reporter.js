const { relative } = require("node:path");

/** A reporter for jest: says at the end which files took longest. */
module.exports = class {
  onRunComplete(_contexts, { testResults }) {
    const slowest = testResults
      .map(({ testFilePath, perfStats: { start, end } }) => ({ file: testFilePath, seconds: (end - start) / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 10);
    const lines = slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${relative(".", file)}`);
    if (lines.length > 1) console.error(`\nSlowest files:\n${lines.join("\n")}`);
  }
};
