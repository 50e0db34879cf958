// Has what is loaded from here on get `cdktn` where it asks for `cdktf`.
const Module = require("node:module");
const { _resolveFilename } = Module;

Module._resolveFilename = (name, ...where) => _resolveFilename(name.replace(/^cdktf(?=$|\/)/, "cdktn"), ...where);
