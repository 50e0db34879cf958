// Lets Node run TypeScript as it is: `node --require ords-jwt/typescript main.ts`.
require("./node-version");
const Module = require("node:module");
const { isCheckout } = require("./load");

const extensions = Module._extensions;
if (isCheckout) {
  // What comes from a registry is JavaScript and left to Node: tsx would look through each of its files, which makes Oracle's SDK
  // take twice as long.
  const node = extensions[".js"];
  require("tsx/cjs/api").register();
  const tsx = extensions[".js"];
  extensions[".js"] = (module, file) => (/[\\/]node_modules[\\/]/.test(file) ? node : tsx)(module, file);
} else {
  const { readFileSync } = require("node:fs");
  let jiti;
  extensions[".ts"] = (module, file) => {
    // Not its cache, which may be a folder that others can write to: there are few files.
    jiti ??= require("jiti").createJiti(__filename, { fsCache: false });
    const code = jiti.transform({ source: readFileSync(file, "utf8"), filename: file, ts: true });
    const wrong = /^exports\.__JITI_ERROR__ = (.*)$/.exec(code);
    if (wrong) {
      const { line, column, message } = JSON.parse(wrong[1]);
      throw Object.assign(new SyntaxError(message.trim()), { stack: `SyntaxError\n    at ${file}:${line}:${column}` });
    }
    module._compile(code, file);
  };
  // Where package.json says "type": "module", Node would give main.ts to its other loader, which does not know this.
  const { runMain } = Module;
  Module.runMain = (main = process.argv[1]) => {
    if (!main?.endsWith(".ts")) return runMain(main);
    return Module._load(require.resolve(require("node:path").resolve(main)), null, true);
  };
}
