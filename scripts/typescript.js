// Loads TypeScript as it is. What comes from a registry is JavaScript and left to Node: tsx would look through each of its files,
// which makes Oracle's SDK take twice as long.
require("./node-version");
const { _extensions: extensions } = require("node:module");

const node = extensions[".js"];
require("tsx/cjs/api").register();
const tsx = extensions[".js"];
extensions[".js"] = (module, file) => (/[\\/]node_modules[\\/]/.test(file) ? node : tsx)(module, file);
