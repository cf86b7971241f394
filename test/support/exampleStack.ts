import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import type { BootstrapTimeline, ClusterSpecInput } from "../../components";
import type { EngineOptions, EngineVerb } from "../../lab/engine/engine";
import { Engine } from "../../lab/engine/engine";
import type { PulumiResult } from "../../lab/engine/pulumiProcess";
import { textOf } from "./assertFailed";
import { labBinaries, type TestLab } from "./testLab";

/** The chart that stands in where Cilium's own cannot be reached. */
const CHART = path.resolve(__dirname, "..", "..", "lab", "charts", "cilium");

/** A run that hangs ends, and says how far it came, before its test gives up. */
const RUN_MS = 150_000;

/** A stack file of an example on the machines of a lab. */
export class ExampleStack {
  /** All that its runs printed. */
  readonly printed: string[] = [];
  /** Asked of the CLI once after each run. */
  private read: Promise<Record<string, unknown>> | undefined;

  private constructor(
    private readonly options: EngineOptions,
    private engine: Engine,
  ) {}

  /**
   * Takes the example's own stack file and changes what a lab has to have otherwise: each address
   * becomes that of a machine of the lab, in the order of appearance, and the chart is the stand-in.
   *
   * @param program the folder with Pulumi.yaml
   * @param more configuration that a user would add
   */
  static async open(
    lab: TestLab,
    program: string,
    stackName: string,
    more: Record<string, unknown> = {},
  ): Promise<ExampleStack> {
    const own = readFileSync(path.join(program, `Pulumi.${stackName}.yaml`), "utf8");
    const { config } = parse(onMachines(own, lab)) as { config: Record<string, unknown> };
    for (const value of Object.values(config)) useStandInChart(value);
    const dir = path.join(lab.dir, path.basename(program));
    const stackFile = path.join(dir, `Pulumi.${stackName}.yaml`);
    // Stacks of one lab share a backend, so that one can read the outputs of another.
    const [backend, link] = [path.join(lab.dir, "backend"), path.join(dir, "engine", "backend")];
    mkdirSync(backend, { recursive: true });
    mkdirSync(path.dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(backend, link);
    writeFileSync(stackFile, stringify({ config: { ...config, ...more } }));
    const options = {
      cli: labBinaries()!["pulumi"]!,
      projectDirectory: program,
      stackName,
      stackFile,
      dir,
      providers: { talos: lab.running.talosPort, kubernetes: lab.running.kubernetesPort },
    };
    return new ExampleStack(options, await Engine.open(options));
  }

  /** Changes the cluster in the stack file, for the runs that follow. */
  async change(changes: Partial<ClusterSpecInput>): Promise<void> {
    const { stackFile } = this.options;
    const { config } = parse(readFileSync(stackFile, "utf8")) as { config: Record<string, object> };
    const key = Object.keys(config).find((each) => each.endsWith(":cluster"))!;
    const changed = { ...config, [key]: { ...config[key], ...changes } };
    writeFileSync(stackFile, stringify({ config: changed }));
    this.engine = await Engine.open(this.options);
  }

  /** Runs a verb and throws with all that it printed unless it succeeded. */
  async run(verb: EngineVerb, ...args: string[]): Promise<PulumiResult> {
    this.read = undefined;
    const result = await this.engine.run(verb, { args, signal: AbortSignal.timeout(RUN_MS) });
    this.printed.push(textOf(result));
    if (result.exitCode !== 0) throw new Error(`${verb} failed:\n${textOf(result)}`);
    return result;
  }

  async previewReplacesNothing(): Promise<void> {
    const preview = textOf(await this.run("preview", "--diff"));
    assert.doesNotMatch(preview, /\d to (replace|delete)|(replaced?|deleted?) \[/);
  }

  /** When its last node became Ready; undefined before. */
  async allReady(): Promise<string | undefined> {
    const { bootstrapTimeline } = await this.outputs<{ bootstrapTimeline?: BootstrapTimeline }>();
    return bootstrapTimeline?.allReady;
  }

  async outputs<T>(): Promise<T> {
    return (await (this.read ??= this.engine.outputs())) as T;
  }
}

function onMachines(stackFile: string, lab: TestLab): string {
  const addresses = [...new Set(stackFile.match(/\b192\.168\.\d+\.\d+\b/g) ?? [])];
  return addresses.reduce((text, address, index) => {
    const machine = lab.spec.nodes[index]?.ipAddress ?? `127.9.9.${index + 1}`;
    return text.replaceAll(new RegExp(`\\b${address.replaceAll(".", "\\.")}\\b`, "g"), machine);
  }, stackFile);
}

/** In a cluster, in each of a list of them, and in what `Cilium` alone takes. */
function useStandInChart(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(useStandInChart);
  if (typeof value !== "object" || value === null) return;
  const spec = value as Record<string, unknown>;
  if ("nodes" in spec) spec["cilium"] = { ...(spec["cilium"] as object), chart: CHART };
  else if ("version" in spec) spec["chart"] = CHART;
}
