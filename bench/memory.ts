import { readFileSync, readdirSync } from "node:fs";

/**
 * Memory of a process and of all that it started, in MiB: the proportional share of each, so that
 * pages that they share count once. Linux only.
 */
export function memoryOfTree(pid: number): number {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(entry);
    if (parent !== undefined)
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree: number[] = [];
  for (let queue = [pid]; queue.length > 0;) {
    tree.push(...queue);
    queue = queue.flatMap((each) => children.get(each) ?? []);
  }
  return tree.reduce((total, each) => total + proportionalKiB(each), 0) / 1024;
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function proportionalKiB(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
