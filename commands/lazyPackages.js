// Pulumi's SDK loads the TypeScript compiler and npm's package trees at every start, for functions that a
// program stores in its state. No program here does, and they are half of the time that the SDK takes to load.
"use strict";

const Module = require("node:module");

/** By package: the file of `@pulumi/pulumi` that asks for it before it needs it. */
const LATE = { typescript: "typescript-shim.js", "@npmcli/arborist": "codePaths.js" };

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const asker = LATE[request];
  const isEarly = asker !== undefined && parent?.filename?.endsWith(asker);
  return isEarly
    ? later(() => load.call(this, request, parent, isMain))
    : load.apply(this, arguments);
};

/** Stands for a package that is loaded at the first look into it. */
function later(make) {
  let made;
  // A namespace as it is, or the SDK's compiled code would copy all keys at once.
  const get = (_, key) => key === "__esModule" || (made ??= make())[key];
  return new Proxy({}, { get });
}
