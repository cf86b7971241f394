// One Pulumi program: how its process is started, what its end means, and how it is ended early.
"use strict";

const { spawn } = require("node:child_process");
const { createInterface } = require("node:readline");
const { RunResponse } = require("@pulumi/pulumi/proto/language_pb");
const { locateRunner } = require("./runner.js");

/** `@pulumi/pulumi/cmd/run` leaves with this code after it has shown the user what is wrong. */
const ALREADY_REPORTED = 32;

class Program {
  /**
   * @param {string} engineAddress host:port of the engine
   * @param how the environment, who gets the lines (without somebody they go where this process' own go),
   *   and who is told of the start
   */
  constructor(engineAddress, { env, onLine, onStart }) {
    this.engineAddress = engineAddress;
    this.env = env;
    this.onLine = onLine;
    this.onStart = onStart;
    this.running = undefined;
  }

  /** Runs the program of a RunRequest to its end. @returns {Promise<RunResponse>} */
  run(request) {
    const info = request.getInfo();
    const options = info?.getOptions()?.toJavaScript() ?? {};
    const runner = locateRunner("run", info?.getProgramDirectory() || request.getPwd());
    const child = spawn(
      process.execPath,
      [...nodeArguments(options), runner, ...runnerArguments(request, this.engineAddress)],
      {
        cwd: request.getPwd(),
        env: { ...this.env, ...programEnvironment(request, options) },
        stdio: this.onLine ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
        // A group of its own, so that what the program started ends with it.
        detached: true,
      },
    );
    this.running = child;
    this.onStart?.();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", this.onLine);
    }
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        this.running = undefined;
        resolve(endOf(code, signal));
      });
    });
  }

  /** Ends the program and all that it started, where one runs. Resolves when it is gone. */
  kill() {
    const { running } = this;
    if (running?.pid === undefined) return Promise.resolve();
    const gone = new Promise((resolve) => running.once("exit", resolve));
    try {
      process.kill(-running.pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
    return gone;
  }
}

/** `nodeargs` of Pulumi.yaml: text with words in single or double quotes. */
function nodeArguments(options) {
  const words = String(options.nodeargs ?? "").match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

function runnerArguments(request, engineAddress) {
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: request.getParallel() || undefined,
  };
  return [
    ...Object.entries(flags).flatMap(([flag, value]) => (value ? [`--${flag}`, `${value}`] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() || request.getProgram() || ".",
    ...request.getArgsList(),
  ];
}

function programEnvironment(request, options) {
  const config = {};
  request.getConfigMap().forEach((value, key) => (config[key] = value));
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: `${options.typescript !== false}`,
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: `${options.tsconfig}` } : {}),
  };
}

function endOf(code, signal) {
  if (code === 0) return new RunResponse();
  if (code === ALREADY_REPORTED) return new RunResponse().setBail(true);
  const how = signal ? `was ended by ${signal}` : `exited with non-zero exit code: ${code}`;
  return new RunResponse().setError(`Program ${how}`);
}

module.exports = { Program };
