// Pulumi's LanguageRuntime service for Node.js, for a Pulumi CLI that came without its own.
"use strict";

const grpc = require("@grpc/grpc-js");
const language = require("@pulumi/pulumi/proto/language_pb");
const plugin = require("@pulumi/pulumi/proto/plugin_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { Program } = require("./program.js");
const { PolicyPacks } = require("./policyPacks.js");
const { installDependencies, programDependencies } = require("./dependencies.js");

/** The version of the Pulumi SDK whose protocol this host speaks. */
const { version } = require("@pulumi/pulumi/package.json");

/**
 * The host as a process of its own: prints its port, as the CLI expects it, and ends with the CLI.
 *
 * @param {string[]} args the CLI's; the last is the address of its engine
 */
function main(args) {
  const host = serve({ engineAddress: args[args.length - 1] });
  host.port.then(
    (port) => process.stdout.write(`${port}\n`),
    (error) => {
      process.stderr.write(`pulumi-language-nodejs: ${error.message}\n`);
      process.exit(1);
    },
  );
  endWithTheCli(host);
}

/**
 * Serves on a loopback port chosen by the system, until it is stopped.
 *
 * @param {object} [options]
 * @param {string} [options.engineAddress] host:port of the engine; one that attaches says it in its handshake
 * @param {NodeJS.ProcessEnv} [options.env] of programs and of npm. Default: that of this process
 * @param {(line: string) => void} [options.onLine] what programs write; else they write to this process' output
 * @param {() => void} [options.onStart] called when a program has been started
 * @returns {{ port: Promise<number>, stop: () => Promise<void> }} `stop` ends what still runs, too
 */
function serve({ engineAddress = "", env = process.env, ...watch } = {}) {
  const program = new Program(engineAddress, { env, ...watch });
  const policyPacks = new PolicyPacks();
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(LanguageRuntimeService, handlers(program, policyPacks, env));
  const credentials = grpc.ServerCredentials.createInsecure();
  const port = new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const stop = async () => {
    policyPacks.kill();
    await program.kill();
    server.forceShutdown();
  };
  return { port, stop };
}

/** Every end of the CLI, also a SIGKILL that it could tell nobody about, ends host and what it runs. */
function endWithTheCli({ stop }) {
  const end = () => void stop().then(() => process.exit(0));
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500).unref();
}

/** @param {Program} program @param {PolicyPacks} policyPacks @param {NodeJS.ProcessEnv} env */
function handlers(program, policyPacks, env) {
  return {
    handshake: answer((request) => {
      program.engineAddress = request.getEngineAddress();
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(version)),
    // None: whoever runs the CLI attaches the providers or has installed them, and a name here
    // would make the CLI look for its plugin elsewhere.
    getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
    runtimeOptionsPrompts: answer(() => new language.RuntimeOptionsResponse()),
    about: answer(() => {
      const response = new language.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      response.getMetadataMap().set("packagemanager", "npm");
      return response;
    }),
    getProgramDependencies: answer((request) => programDependencies(request)),
    installDependencies: (call) => installDependencies(call, env),
    run: answer((request) => program.run(request)),
    runPlugin: (call) => policyPacks.run(call),
    cancel: answer(() => {
      program.kill();
      policyPacks.kill();
      return new Empty();
    }),
  };
}

/** A unary handler from a function that returns the response or throws. */
function answer(respond) {
  return (call, callback) => {
    new Promise((resolve) => resolve(respond(call.request))).then(
      (response) => callback(null, response),
      (error) => callback({ code: grpc.status.UNKNOWN, message: error.message }),
    );
  };
}

module.exports = { main, serve };
