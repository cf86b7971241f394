import { readLabState } from "../lab/cli/labState";
import { findStack } from "../lab/cli/stack";
import { mutatingCalls, timeLab, withNewLab } from "./labCommand";
import { memoryOfTree } from "./memory";
import type { Measurement } from "./report";

/** Seconds until all nodes are Ready, from the shell, binaries built. */
const STACKS = [
  { name: "dev", nodes: 5, limit: 40 },
  { name: "goldentooth", nodes: 17, limit: 75 },
];

/** A lab up from nothing, up again, and its memory. */
export async function bench(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { name, nodes, limit } of STACKS) {
    measurements.push(...(await withNewLab(name, () => measure(name, nodes, limit))));
  }
  return measurements;
}

async function measure(name: string, nodes: number, limit: number): Promise<Measurement[]> {
  const stack = ["--stack", name];
  const up = timeLab(stack);
  const before = await mutatingCalls(name);
  const again = timeLab([...stack, "up", "--expect-no-changes"]);
  const calls = (await mutatingCalls(name)) - before;
  const memory = memoryOfTree(readLabState(findStack(name).dir)?.pid ?? 0);
  return [
    { what: `up of ${nodes} nodes`, value: up, unit: "s", limit },
    { what: `up of ${nodes} nodes without a change`, value: again, unit: "s", limit: 10 },
    { what: "  calls that changed something", value: calls, unit: "calls", limit: 0 },
    { what: "  memory of the lab", value: memory, unit: "MiB", limit: 3072 },
  ];
}
