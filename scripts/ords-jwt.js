#!/usr/bin/env node
// The commands are TypeScript, run as they are.
require("./typescript");
require("./cli.ts").main(process.argv);
