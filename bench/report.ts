import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import * as path from "node:path";

/** One figure, what it may be at most, and what it is measured against in the same run. */
export interface Measurement {
  what: string;
  value: number;
  unit: "s" | "MiB" | "KB" | "calls";
  /** The most that it may be. */
  limit?: number;
  /** Something known, measured beside it, so that figures of different machines can be compared. */
  baseline?: { what: string; value: number };
}

/** Prints the figures for people and writes them to `.lab/.bench/<name>.json`. @returns all in limits */
export function report(name: string, measurements: Measurement[]): boolean {
  const folder = path.join(__dirname, "../.lab/.bench");
  const machine = { cpus: cpus().length, memoryMiB: Math.round(totalmem() / 2 ** 20) };
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ name, node: process.version, machine, measurements }, undefined, 2);
  writeFileSync(path.join(folder, `${name}.json`), `${text}\n`);
  console.log(`bench ${name} (${machine.cpus} processors, Node ${process.version})`);
  for (const line of measurements.map(describe)) console.log(`  ${line}`);
  return measurements.every(isWithinLimit);
}

export function isWithinLimit({ value, limit }: Measurement): boolean {
  return limit === undefined || value <= limit;
}

function describe(measurement: Measurement): string {
  const { what, value, unit, limit, baseline } = measurement;
  const figure = `${round(value)} ${unit}`.padStart(10);
  const against = baseline
    ? `; ${round(value / baseline.value)} times ${baseline.what} (${round(baseline.value)} ${unit})`
    : "";
  const verdict =
    limit === undefined
      ? ""
      : ` (at most ${round(limit)}: ${isWithinLimit(measurement) ? "good" : "TOO MUCH"})`;
  return `${what.padEnd(44)}${figure}${verdict}${against}`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The middle of some figures. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
