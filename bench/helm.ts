import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import type { BootstrapTimeline } from "../components/gates/timeline";
import { lookForBinary } from "../lab/binaries/ensureBinaries";
import { kubeconfigFile } from "../lab/cli/bringUp";
import { readCluster } from "../lab/cli/readCluster";
import { findStack, type Stack } from "../lab/cli/stack";
import { Engine } from "../lab/engine/engine";
import { timeLab, withNewLab } from "./labCommand";
import type { Measurement } from "./report";

/** From "API serving" to "Cilium applied", against helm by hand with the same chart and values. */
export async function bench(): Promise<Measurement[]> {
  const [cli, helm] = [lookForBinary("pulumi"), lookForBinary("helm")];
  if (!cli || !helm) throw new Error("binaries are missing: `npm run lab -- preview` gets them");
  return withNewLab("dev", () => measure(findStack("dev"), cli, helm));
}

async function measure(stack: Stack, cli: string, helm: string): Promise<Measurement[]> {
  timeLab([]);
  const engine = Engine.at({
    cli,
    projectDirectory: stack.projectDirectory,
    stackName: stack.name,
    stackFile: stack.file,
    dir: stack.dir,
  });
  const { bootstrapTimeline } = await engine.outputs();
  const ours = secondsToCilium(bootstrapTimeline as BootstrapTimeline);
  const { chart } = readCluster(stack).cilium;
  const byHand = installByHand(helm, kubeconfigFile(stack.dir), chart);
  return [
    {
      what: "from API serving to Cilium applied",
      value: ours,
      unit: "s",
      limit: Math.max(1.5 * byHand, byHand + 1),
      baseline: { what: "helm upgrade --install by hand", value: byHand },
    },
  ];
}

function secondsToCilium({ apiServing, ciliumApplied }: BootstrapTimeline): number {
  return (Date.parse(ciliumApplied ?? "") - Date.parse(apiServing ?? "")) / 1000;
}

/** Uninstalls Cilium and installs it again with the values that it had. @returns seconds */
function installByHand(helm: string, kubeconfig: string, chart: string): number {
  const run = (...args: string[]) =>
    execFileSync(helm, [...args, "--namespace", "kube-system", "--kubeconfig", kubeconfig], {
      encoding: "utf8",
      cwd: path.join(__dirname, ".."),
    });
  const folder = mkdtempSync(path.join(tmpdir(), "helm-bench-"));
  try {
    const values = path.join(folder, "values.json");
    writeFileSync(values, run("get", "values", "cilium", "--output", "json"), { mode: 0o600 });
    run("uninstall", "cilium", "--wait");
    const started = Date.now();
    run("upgrade", "--install", "cilium", chart, "--values", values);
    return (Date.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
