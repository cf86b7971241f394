import type { BootstrapTimeline } from "../../components/gates/timeline";
import { seconds } from "./lanes";

type MarkName = Exclude<keyof BootstrapTimeline, "secondsUsed" | "secondsBudgeted">;

/** A moment of the bootstrap window. */
export interface Mark {
  readonly name: MarkName;
  readonly title: string;
  /** Since the run began. */
  readonly second: number;
}

/** A part of the time from the beginning to the last node Ready. */
export interface Phase {
  readonly title: string;
  readonly seconds: number;
}

/** The moments in their order, and what goes on until each. */
const MOMENTS: readonly (readonly [MarkName, string, string])[] = [
  ["bootstrapAccepted", "Bootstrap accepted", "Secrets, machine configuration"],
  ["apiServing", "API serves", "etcd and API server start"],
  ["ciliumApplied", "Cilium applied", "Certificates, Helm"],
  ["firstAgentReady", "First agent ready", "First agent starts"],
  ["firstNodeReady", "First node Ready", "First node becomes Ready"],
  ["allReady", "All nodes Ready", "All other agents and nodes"],
];

/** A cluster tells its times in whole seconds, and a clock may differ a little. */
const TOLERANCE = 2_000;

/**
 * The moments that lie in a run. None of a run long after the bootstrap. Pure.
 *
 * @param begun,ended Unix times in milliseconds of the run
 */
export function marksOf(
  timeline: BootstrapTimeline | undefined,
  begun: number,
  ended: number,
): Mark[] {
  return MOMENTS.flatMap(([name, title]) => {
    const at = Date.parse(timeline?.[name] ?? "");
    const within = at >= begun - TOLERANCE && at <= ended + TOLERANCE;
    return within ? [{ name, title, second: Math.max(0, seconds(at - begun)) }] : [];
  });
}

/**
 * Where the time went: what lies between two moments. What came before the bootstrap counts only where
 * the run saw it. Pure.
 *
 * @param firstBar second at which the run began with its first resource
 */
export function phasesOf(
  timeline: BootstrapTimeline | undefined,
  marks: readonly Mark[],
  firstBar: number,
): Phase[] {
  const accepted = Date.parse(timeline?.bootstrapAccepted ?? "");
  if (Number.isNaN(accepted)) return [];
  const before = marks.find(({ name }) => name === "bootstrapAccepted")?.second;
  const starts = Math.min(firstBar, before ?? 0);
  const phases: Phase[] =
    before === undefined
      ? []
      : [
          { title: "Engine and program start", seconds: starts },
          { title: MOMENTS[0]![2], seconds: Math.round((before - starts) * 1000) / 1000 },
        ];
  let from = accepted;
  for (const [name, , title] of MOMENTS.slice(1)) {
    const at = Date.parse(timeline?.[name] ?? "");
    if (Number.isNaN(at)) continue;
    // Whole seconds can put a moment before the one that it follows.
    phases.push({ title, seconds: seconds(Math.max(0, at - from)) });
    from = Math.max(from, at);
  }
  return phases;
}
