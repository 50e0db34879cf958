#!/usr/bin/env node
// The commands are TypeScript, run as they are.
require("tsx/cjs/api").register();
try {
  require("./cli.ts").main(process.argv);
} catch (error) {
  // A file that cannot be loaded, most often an environment file with a slip in it; the place is in the message or on the stack.
  const place = /\((.*environments.*)\)/.exec(error.stack)?.[1];
  console.error(`error: ${error.message}${place ? `\n  at ${place}` : ""}`);
  process.exitCode = 2;
}
