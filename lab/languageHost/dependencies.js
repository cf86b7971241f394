// What the program depends on, and how that is installed.
"use strict";

const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const {
  DependencyInfo,
  GetProgramDependenciesResponse,
  InstallDependenciesResponse,
} = require("@pulumi/pulumi/proto/language_pb");

/** The packages of the lockfile: all of them, or those that package.json names. */
function programDependencies(request) {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const { packages = {} } = readJson(path.join(directory, "package-lock.json"));
  const { dependencies = {}, devDependencies = {} } = readJson(
    path.join(directory, "package.json"),
  );
  const direct = { ...dependencies, ...devDependencies };
  const list = Object.entries(packages)
    .filter(([folder, entry]) => folder.startsWith("node_modules/") && entry.version)
    .map(([folder, { version }]) => ({ name: folder.replace(/^.*node_modules\//, ""), version }))
    .filter(({ name }) => request.getTransitivedependencies() || name in direct)
    .map(({ name, version }) => new DependencyInfo().setName(name).setVersion(version));
  return new GetProgramDependenciesResponse().setDependenciesList(list);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw new Error(`${file} cannot be read: ${error.message}`);
  }
}

/** Streams `npm install` in the program's directory. */
function installDependencies(call, env) {
  const directory = call.request.getInfo()?.getProgramDirectory() || call.request.getDirectory();
  const npm = spawn("npm", ["install", "--loglevel=error"], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  npm.stdout.on("data", (data) => call.write(new InstallDependenciesResponse().setStdout(data)));
  npm.stderr.on("data", (data) => call.write(new InstallDependenciesResponse().setStderr(data)));
  const fail = (message) => call.emit("error", new Error(message));
  npm.on("error", (error) => fail(`npm could not be started: ${error.message}`));
  npm.on("close", (code) => (code === 0 ? call.end() : fail(`npm install exited with ${code}`)));
}

module.exports = { installDependencies, programDependencies };
