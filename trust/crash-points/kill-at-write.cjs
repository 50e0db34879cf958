// Loaded into a command before anything else: ends it by SIGKILL at one of its writes below the current folder.
// KILL_AT: number of the write and when, for example "2 half". COUNT_WRITES: a file that gets a letter for each write.
const fs = require("node:fs");
const { basename, dirname, join, sep } = require("node:path");

const [at, when] = (process.env.KILL_AT ?? "").split(" ");
const { COUNT_WRITES } = process.env;
const { existsSync, realpathSync, writeFileSync, writeSync } = fs;
const counter = COUNT_WRITES && fs.openSync(COUNT_WRITES, "w");
const here = process.cwd() + sep;
/** Also of a path through an open folder. */
const isHere = (path) =>
  existsSync(dirname(path)) && join(realpathSync(dirname(path)), basename(path)).startsWith(here);
let writes = 0;
/** Node's own functions use one another. */
let isInside = false;

const kill = () => process.kill(process.pid, "SIGKILL");

for (const name of ["appendFileSync", "linkSync", "mkdirSync", "renameSync", "rmSync", "unlinkSync", "writeFileSync"]) {
  const write = fs[name];
  fs[name] = (path, ...rest) => {
    if (isInside || !isHere(String(path))) return write(path, ...rest);
    writes += 1;
    if (counter) writeSync(counter, "w");
    const isTheOne = String(writes) === at;
    if (isTheOne && when === "before") kill();
    if (isTheOne && when === "half" && name === "writeFileSync") {
      isInside = true;
      writeFileSync(path, String(rest[0]).slice(0, String(rest[0]).length / 2), ...rest.slice(1));
      kill();
    }
    isInside = true;
    try {
      return write(path, ...rest);
    } finally {
      isInside = false;
      if (isTheOne) kill();
    }
  };
}
