import { readLabState } from "../lab/cli/labState";
import { findStack } from "../lab/cli/stack";
import { destroyIdle, mutatingCalls, timeLab } from "./labCommand";
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
    const { dir } = findStack(name);
    const stack = ["--stack", name];
    await destroyIdle(name);
    try {
      const up = timeLab(stack);
      measurements.push({ what: `up of ${nodes} nodes`, value: up, unit: "s", limit });
      const before = await mutatingCalls(name);
      const again = timeLab([...stack, "up", "--expect-no-changes"]);
      const calls = (await mutatingCalls(name)) - before;
      measurements.push(
        { what: `up of ${nodes} nodes without a change`, value: again, unit: "s", limit: 10 },
        { what: "  calls that changed something", value: calls, unit: "calls", limit: 0 },
      );
      const pid = readLabState(dir)?.pid ?? 0;
      const memory = memoryOfTree(pid);
      measurements.push({ what: "  memory of the lab", value: memory, unit: "MiB", limit: 3072 });
    } finally {
      timeLab([...stack, "destroy"]);
    }
  }
  return measurements;
}
