// Traces of errors in the words of the source: what a transpiler made of a file has other lines and columns.
"use strict";

const Module = require("node:module");

/** By file: what runs, until a trace asks for it, then where its positions come from. */
const sources = new Map();

/** From now on, traces show the lines of TypeScript files that carry their source map. */
function mapTraces() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (code, filename, ...rest) {
    if (filename.endsWith(".ts")) sources.set(filename, code);
    return compile.call(this, code, filename, ...rest);
  };
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map(inSource)].join("\n    at ");
}

/** A frame as V8 writes it, at the place in the source where that is known. */
function inSource(frame) {
  const text = String(frame);
  const map = mapOf(frame.getFileName());
  const entry = map?.findEntry(frame.getLineNumber() - 1, frame.getColumnNumber() - 1);
  if (entry?.originalLine === undefined) return text;
  return text.replace(/:\d+:\d+(?=\)?$)/, `:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

/** Read when a trace asks, because most files never appear in one. */
function mapOf(filename) {
  const source = sources.get(filename);
  if (typeof source !== "string") return source;
  const [, data] =
    /\n\/\/# sourceMappingURL=data:application\/json[^,]*,(\S+)\s*$/.exec(source) ?? [];
  const map = data && new Module.SourceMap(JSON.parse(Buffer.from(data, "base64").toString()));
  sources.set(filename, map || undefined);
  return map || undefined;
}

module.exports = { mapTraces };
