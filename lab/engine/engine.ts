import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";

import { mendCutFiles } from "./cutFiles";
import { followEventLog } from "../../commands/liveView/followEventLog";
import type { StampedEvent } from "../../commands/report/engineEvents";
import { copyStackFile } from "./stackFile";
import { engineEnvironment, type ProviderPorts } from "./environment";
import { engineFolder, type EngineFolder } from "./engineFolder";
import { attachLanguageHost, hasLanguageHost, provideLanguageHost } from "./languageHost";
import { endProcesses, leftoverPlugins } from "./processes";
import { runPulumi, type PulumiResult } from "./pulumiProcess";
import { removeStaleLocks, stackLocks } from "./staleLocks";

export interface EngineOptions {
  /** The Pulumi CLI's path. */
  cli: string;
  /** The folder with Pulumi.yaml, absolute: where the program runs. */
  projectDirectory: string;
  /** As in `Pulumi.<stackName>.yaml`. */
  stackName: string;
  /** The stack file, absolute. It is read, never written. */
  stackFile: string;
  /** The lab's folder of this stack, absolute. */
  dir: string;
  /** The providers that the lab serves; the CLI uses the real plugin of one that is missing here. */
  providers?: ProviderPorts;
  /** Helm, for a program that renders the chart; one that the user names comes first. */
  helm?: string;
}

export type EngineVerb = "preview" | "up" | "refresh" | "destroy";

export interface EngineRunOptions {
  /** More arguments of the CLI's verb, for instance `--diff`. */
  args?: string[];
  onLine?: (line: string) => void;
  /** The program starts: what keeps this process busy for long had better wait for it. */
  onStart?: () => void;
  /** Each event of the engine as it comes. */
  onEvent?: (event: StampedEvent) => void;
  signal?: AbortSignal;
  /** Changes to the CLI's environment. */
  env?: NodeJS.ProcessEnv;
}

const VERB_ARGUMENTS: Record<EngineVerb, string[]> = {
  preview: [],
  up: ["--yes", "--skip-preview"],
  refresh: ["--yes", "--skip-preview"],
  // Without running the program: it fails on a stack that came up in part, and nothing in it has a hook
  // on its deletion.
  destroy: ["--yes", "--skip-preview"],
};

/** The Pulumi CLI on one stack, with a home, a backend and a stack file of the lab's own. */
export class Engine {
  /** What an earlier, killed run left and `open` cleared away; for the user to know. */
  readonly healed: string[] = [];
  private readonly folder: EngineFolder;
  private providers: ProviderPorts;

  private constructor(private readonly options: EngineOptions) {
    this.providers = options.providers ?? {};
    this.folder = engineFolder(options.dir, options.stackName);
    provideLanguageHost(options.cli, this.folder.home);
  }

  /**
   * Prepares the folders, clears what a killed run left, and makes the stack if there is none.
   *
   * @throws Error when another run is at work on the stack, with its process id
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    engine.heal();
    await engine.ensureStack();
    return engine;
  }

  /** The engine of a stack as it is, to read from it; another run may be at work meanwhile. */
  static at(options: EngineOptions): Engine {
    return new Engine(options);
  }

  /** Uses the providers at these ports from now on. */
  attach(providers: ProviderPorts): void {
    this.providers = providers;
  }

  /** Runs one verb of the CLI without asking anything. Failure is an exit code, not an exception. */
  async run(verb: EngineVerb, options: EngineRunOptions = {}): Promise<PulumiResult> {
    const env = { ...this.environment(), ...options.env };
    const host = hasLanguageHost(this.options.cli)
      ? undefined
      : await attachLanguageHost(env, options);
    const log = options.onEvent && followEventLog(options.onEvent);
    const args = [
      verb,
      ...VERB_ARGUMENTS[verb],
      ...["--stack", this.options.stackName, "--config-file", this.folder.configFile],
      // Whoever asks for the plain answers asks for JSON; dots between the lines help nobody.
      ...["--non-interactive", "--suppress-progress", "--skip-plugin-pre-install"],
      ...(log?.args ?? []),
      ...(options.args ?? []),
    ];
    try {
      const running = runPulumi(this.options.cli, args, {
        ...options,
        cwd: this.options.projectDirectory,
        env: { ...env, ...host?.env, ...log?.env },
      });
      if (!host) options.onStart?.();
      const [result] = await Promise.all([running, host?.serve()]);
      return result;
    } finally {
      log?.end();
      await host?.stop();
    }
  }

  /** The stack's outputs, secrets in clear. Empty before the first `up`. */
  async outputs(): Promise<Record<string, unknown>> {
    const result = await this.stack(["output", "--json", "--show-secrets"]);
    return JSON.parse(result.stdout || "{}") as Record<string, unknown>;
  }

  /** The stack's deployment as `pulumi stack export` gives it, secrets encrypted unless asked. */
  async exportState(showSecrets = false): Promise<unknown> {
    const result = await this.stack(["export", ...(showSecrets ? ["--show-secrets"] : [])]);
    return JSON.parse(result.stdout);
  }

  /** Runs `pulumi stack …`. @throws Error with the CLI's own words when it fails */
  async stack(args: string[]): Promise<PulumiResult> {
    const all = ["stack", ...args, "--stack", this.options.stackName, "--non-interactive"];
    const result = await this.pulumi(all);
    if (result.exitCode !== 0) {
      throw new Error(`pulumi stack ${args[0]} failed: ${result.stderr || result.stdout}`);
    }
    return result;
  }

  /** Ends what the engine of this stack left running. Only for when no CLI of the lab's runs. */
  endLeftovers(): number {
    const pids = leftoverPlugins(this.folder.home);
    endProcesses(pids);
    return pids.length;
  }

  private heal(): void {
    for (const lock of removeStaleLocks(this.folder.backend)) {
      this.healed.push(`removed the lock of a run that was killed (pid ${lock.pid})`);
    }
    const [lock] = stackLocks(this.folder.backend);
    if (lock) {
      throw new Error(
        `Pulumi is at work on stack ${this.options.stackName} (pid ${lock.pid} on ${lock.hostname}` +
          ` since ${lock.timestamp}): wait until it ends, or remove ${lock.file} if it cannot be running`,
      );
    }
    this.healed.push(...mendCutFiles(this.folder.backend));
    const ended = this.endLeftovers();
    if (ended > 0) this.healed.push(`ended ${ended} processes that a killed run left behind`);
  }

  private async ensureStack(): Promise<void> {
    const { stackFile, projectDirectory, stackName } = this.options;
    const projectFile = path.join(projectDirectory, "Pulumi.yaml");
    const hasSalt = copyStackFile(stackFile, projectFile, this.folder);
    if (hasSalt && this.stackExists()) return;
    const args = ["stack", "init", stackName, "--no-select", "--non-interactive"];
    const result = await this.pulumi(args);
    if (result.exitCode !== 0) {
      throw new Error(`stack ${stackName} could not be made: ${result.stderr || result.stdout}`);
    }
    // With the salt the CLI writes all of the file anew, and a folded text (`>`) comes out as another one.
    copyStackFile(stackFile, projectFile, this.folder);
  }

  private stackExists(): boolean {
    const stacks = path.join(this.folder.backend, ".pulumi", "stacks");
    if (!existsSync(stacks)) return false;
    const file = `${this.options.stackName}.json`;
    return readdirSync(stacks, { recursive: true, encoding: "utf8" }).some(
      (each) => path.basename(each) === file,
    );
  }

  /** Runs the CLI for something that does not run the program. */
  private pulumi(args: string[]): Promise<PulumiResult> {
    const options = { cwd: this.folder.project, env: this.environment() };
    return runPulumi(this.options.cli, args, options);
  }

  private environment(): NodeJS.ProcessEnv {
    const { helm } = this.options;
    const user = helm === undefined ? process.env : { HELM_BIN: helm, ...process.env };
    return engineEnvironment(user, this.folder, this.providers);
  }
}
