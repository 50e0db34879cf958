const vm = require("node:vm");

const { compileFunction, Script } = vm;

/** What was compiled, by file. */
const compiled = new Map();

/**
 * In place of the function by which jest compiles each module anew for each test file: a script keeps what V8 made of it, down to the
 * functions in it that were called, for as long as the worker lives.
 */
vm.compileFunction = (code, parameters, options) => {
  const { filename, parsingContext } = options;
  // Only jest knows what to say of it.
  if (code.includes("import(")) return compileFunction(code, parameters, options);
  let { script, code: before } = compiled.get(filename) ?? {};
  if (before !== code) {
    const start = `(function (${parameters.join()}) {`;
    script = new Script(`${start}${code}\n})`, { filename, columnOffset: -start.length });
    compiled.set(filename, { script, code });
  }
  return script.runInContext(parsingContext);
};
