#!/usr/bin/env node
// The commands are TypeScript, run as they are.
require("tsx/cjs/api").register();
require("./cli.ts").main(process.argv);
