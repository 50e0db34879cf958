// Lets Node run TypeScript as it is: `node --require ords-jwt/typescript main.ts`.
require("./node-version");
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { version } = require("jiti/package.json");

// They lie with us: nobody can write there who could not change this file, too.
const cache = join(__dirname, "../node_modules/.cache/ords-jwt");
// Node 22 keeps what it has compiled, of packages too: a tenth of a synth. Where it cannot be written, it goes without.
Module.enableCompileCache?.(join(cache, "compiled"));

/** Translates once; jiti itself, which takes 15 ms, is loaded only for that. */
function javaScript(file) {
  const source = readFileSync(file, "utf8");
  const kept = join(cache, "translated", `${basename(file, ".ts")}-${hash(file).slice(0, 16)}.js`);
  // At its end, so that one that was not written to its end is none.
  const stamp = `\n// ${hash(`${version}\n${source}`)}`;
  const known = ifPossible(() => readFileSync(kept, "utf8"));
  if (known?.endsWith(stamp)) return known;
  // Lines stay where they are: there is no need of source maps, which took a fifth of a synth.
  const code = require("jiti")(__filename, { fsCache: false }).transform({ source, filename: file, ts: true });
  if (!code.includes("__JITI_ERROR__")) {
    ifPossible(() => {
      mkdirSync(dirname(kept), { recursive: true });
      writeFileSync(kept, code + stamp);
    });
  }
  return code;
}

const hash = (text) => createHash("sha256").update(text).digest("hex");

/** What is in the cache is another user's, or the disk is full: then it goes without. */
function ifPossible(access) {
  try {
    return access();
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
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
