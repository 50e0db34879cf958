// Lets Node run TypeScript as it is: `node --require ords-jwt/typescript main.ts`.
require("./node-version");
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { join, resolve } = require("node:path");

// Lies with us: nobody can write there who could not change this file, too.
const cache = join(__dirname, "../node_modules/.cache/jiti");
let jiti;

/** Lines stay where they are: there is no need of source maps, which took a fifth of a synth. */
function javaScript(file) {
  const options = { source: readFileSync(file, "utf8"), filename: file, ts: true };
  const { createJiti } = require("jiti");
  try {
    jiti ??= createJiti(__filename, { fsCache: cache });
    return jiti.transform(options);
  } catch {
    // What is in the cache is another user's, or the disk is full: then it goes without.
    jiti = createJiti(__filename, { fsCache: false });
    return jiti.transform(options);
  }
}

Module._extensions[".ts"] = (module, file) => {
  const code = javaScript(file);
  const wrong = /^exports\.__JITI_ERROR__ = (.*)$/.exec(code);
  if (wrong) {
    const { line, column, message } = JSON.parse(wrong[1]);
    throw Object.assign(new SyntaxError(message.trim()), { stack: `SyntaxError\n    at ${file}:${line}:${column}` });
  }
  // What import() became.
  module._compile(`${code}\nasync function jitiImport(name) { return require(name); }`, file);
};
// Where package.json says "type": "module", Node would give main.ts to its other loader, which does not know this.
const { runMain } = Module;
Module.runMain = (main = process.argv[1]) => {
  if (!main?.endsWith(".ts")) return runMain(main);
  return Module._load(require.resolve(resolve(main)), null, true);
};
