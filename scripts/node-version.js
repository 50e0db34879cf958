// Ends the process on a version of Node that cannot run the rest, in JavaScript that every version can read.
var needed = require("../package.json").engines.node.replace(">=", "");
var found = process.versions.node;

function part(version, index) {
  return Number(version.split(".")[index] || 0);
}

var isOlder = part(found, 0) === part(needed, 0) ? part(found, 1) < part(needed, 1) : part(found, 0) < part(needed, 0);
if (isOlder) {
  console.error(
    "error: Node.js " +
      found +
      " is too old: install " +
      needed +
      " or later, from https://nodejs.org or by a version manager",
  );
  process.exit(3);
}
