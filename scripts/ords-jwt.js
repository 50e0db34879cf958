#!/usr/bin/env node
require("./typescript");
require("./load")("scripts/cli").main(process.argv);
