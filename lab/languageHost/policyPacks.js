// Policy packs written for Node.js: the engine asks the language host to run each as a plugin.
"use strict";

const { spawn } = require("node:child_process");
const { RunPluginResponse } = require("@pulumi/pulumi/proto/language_pb");
const { locateRunner } = require("./runner.js");

/** What the engine calls a policy pack; no other plugin of the lab is written for Node.js. */
const ANALYZER = "analyzer";

class PolicyPacks {
  constructor() {
    this.running = new Set();
  }

  /**
   * Runs the pack of a RunPluginRequest for as long as the engine keeps the call open, and streams what
   * it writes: its first line is the port that the engine connects to.
   *
   * Unlike Pulumi's own host, this one leaves the stack's configuration out of the pack's environment.
   */
  run(call) {
    const fail = (message) => call.emit("error", new Error(message));
    let pack;
    try {
      pack = start(call.request);
    } catch (error) {
      fail(error.message);
      return;
    }
    this.running.add(pack);
    pack.stdout.on("data", (data) => call.write(new RunPluginResponse().setStdout(data)));
    pack.stderr.on("data", (data) => call.write(new RunPluginResponse().setStderr(data)));
    pack.on("error", (error) => fail(`the policy pack could not be started: ${error.message}`));
    pack.on("close", (code) => {
      this.running.delete(pack);
      if (call.cancelled) return;
      call.write(new RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
    call.on("cancelled", () => pack.kill("SIGKILL"));
  }

  /** Ends all packs. */
  kill() {
    for (const pack of this.running) pack.kill("SIGKILL");
  }
}

function start(request) {
  if (request.getKind() !== ANALYZER) {
    throw new Error(
      `the lab's language host runs policy packs, and was asked for a plugin of kind "${request.getKind()}"`,
    );
  }
  const directory = request.getInfo().getProgramDirectory();
  const runner = locateRunner("run-policy-pack", directory);
  return spawn(process.execPath, [runner, ...request.getArgsList(), directory], {
    cwd: directory,
    env: Object.fromEntries(request.getEnvList().map(nameAndValue)),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** An entry of an environment, `NAME=value`; the value may hold more of `=`. */
function nameAndValue(entry) {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

module.exports = { PolicyPacks };
