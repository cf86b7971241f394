// Keeps what V8 compiled and what a transpiler made from one start of a program to the next: a quarter of a
// preview is the compiling of packages that have not changed. Required before anything else, so it is plain JavaScript.
"use strict";

const Module = require("node:module");
const path = require("node:path");

/** What Node puts before a module's code, in its first line. */
const [WRAPPER] = Module.wrapper;

/** The folder; without it nothing is kept. */
const folder = process.env.TALOS_CILIUM_COMPILED;

if (folder) {
  const store = openStore(path.join(folder, `${process.version}-${process.arch}`));
  if (Module.enableCompileCache) Module.enableCompileCache(folder);
  else keepCompiled(store);
  module.exports = { keepTranspiled: keepTranspiledIn(store) };
}

/** What earlier starts of this program left, and what this one adds: it is written at the end. */
function openStore(directory) {
  // One file a program and way to load it: one read is cheap.
  const program = [process.argv[1] ?? "", ...process.execArgv].join("\n");
  const file = path.join(directory, hash(program));
  const known = readKept(file);
  const kept = new Map();
  let changed = false;
  // At the end, so that functions compiled on their first call are kept too.
  process.on("exit", () => changed && writeKept(file, known, kept));
  return {
    /** What was made of a file with this hash; undefined where it is another one, or new. */
    earlierOf: (name, of) => {
      const earlier = known.get(name);
      return earlier?.of === of ? earlier.data() : undefined;
    },
    same: (name, of, data) => kept.set(name, { of, data: () => data }),
    add: (name, of, data) => {
      changed = true;
      kept.set(name, { of, data });
    },
  };
}

/** What V8 makes of code, on Node 20, which has no such cache of its own. */
function keepCompiled(store) {
  const vm = require("node:vm");

  // Pulumi's SDK sets this flag half-way, and V8 takes nothing that was compiled under other flags.
  require("node:v8").setFlagsFromString("--allow-natives-syntax");

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, format) {
    if (format === "module" || importsDynamically(content, filename)) {
      return compile.call(this, content, filename, format);
    }
    const of = hash(content);
    const cachedData = store.earlierOf(filename, of);
    let script;
    try {
      script = new vm.Script(Module.wrap(content.replace(/^#!.*/, "")), {
        filename,
        cachedData,
        columnOffset: -WRAPPER.length,
      });
    } catch {
      // An ES module that does not say so: Node finds out, or gives the error its usual form.
      return compile.call(this, content, filename, format);
    }
    if (cachedData && !script.cachedDataRejected) store.same(filename, of, cachedData);
    else store.add(filename, of, () => script.createCachedData());
    const run = script.runInThisContext();
    const folderName = path.dirname(filename);
    return run.call(this.exports, this.exports, requireOf(this), this, filename, folderName);
  };
}

/**
 * What keeps the output of a transpiler: call it with a text that changes when the same file would come out
 * differently, and with what registers the transpiler, which is done for a file that is not known yet.
 */
function keepTranspiledIn(store) {
  return (settings, register) => {
    let transpile;
    const load = (module, filename) => {
      const of = hash(settings + require("node:fs").readFileSync(filename, "utf8"));
      const name = `${filename}.js`;
      const earlier = store.earlierOf(name, of);
      if (earlier) {
        store.same(name, of, earlier);
        return module._compile(earlier.toString(), filename);
      }
      if (!transpile) {
        register();
        transpile = Module._extensions[".ts"];
        Module._extensions[".ts"] = load;
      }
      const compileHere = module._compile;
      module._compile = (code, ...rest) => {
        store.add(name, of, () => Buffer.from(code));
        return compileHere.call(module, code, ...rest);
      };
      return transpile(module, filename);
    };
    Module._extensions[".ts"] = load;
  };
}

/**
 * Kept code has lost its way to the loader of ES modules. The TypeScript compiler, the largest file of
 * all, only speaks of such imports.
 */
function importsDynamically(content, filename) {
  return /\bimport\s*\(/.test(content) && !filename.endsWith("/typescript/lib/typescript.js");
}

function hash(text) {
  return require("node:crypto").createHash("sha1").update(text).digest("hex");
}

/** What Node gives a CommonJS module as `require`. */
function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

/** The file: length of the index; index of file name, hash, start, end; the compiled code of all. */
function readKept(file) {
  try {
    const data = require("node:fs").readFileSync(file);
    const start = 4 + data.readUInt32LE(0);
    const index = JSON.parse(data.subarray(4, start).toString());
    return new Map(
      index.map(([name, of, from, to]) => [
        name,
        { of, data: () => data.subarray(start + from, start + to) },
      ]),
    );
  } catch {
    return new Map();
  }
}

/** What this start did not load stays while it is there: another verb of the same program loads it. */
function writeKept(file, known, kept) {
  const { existsSync, mkdirSync, renameSync, writeFileSync } = require("node:fs");
  const isThere = (name) => existsSync(name.replace(/\.ts\.js$/, ".ts"));
  try {
    const all = [...new Map([...known, ...kept])]
      .filter(([name]) => kept.has(name) || isThere(name))
      .map(([name, { of, data }]) => [name, of, data()]);
    const index = [];
    let end = 0;
    for (const [name, of, data] of all) index.push([name, of, end, (end += data.length)]);
    const head = Buffer.from(JSON.stringify(index));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.length);
    mkdirSync(path.dirname(file), { recursive: true });
    const parts = all.map(([, , data]) => data);
    writeFileSync(`${file}.${process.pid}`, Buffer.concat([length, head, ...parts]));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A full disk must not fail the program; the next start compiles again.
  }
}
