import type { ChartValues } from "../chartValues";
import { isMap, valueAt } from "../chartValues";

/** Values that do not go together: the chart ends its render at them, which a preview never does. */
export interface RenderRule {
  /** The value to change. */
  readonly path: string;
  /** Minor of the first chart that has the rule. */
  readonly since: number;
  /** Whether it holds only where the machines run Talos. @default false */
  readonly onTalos?: true;
  /** @param minor of the chart, where a default moved between minors */
  readonly breaks: (values: ChartValues, minor: number) => boolean;
  readonly reason: string;
  readonly fix: string;
}

export function get(values: ChartValues, path: string): unknown {
  return valueAt(values, path.split("."));
}

/** Whether a switch is on; `unset` is the chart's default, which null takes away. */
export function on(values: ChartValues, path: string, unset = false): boolean {
  const value = get(values, path);
  return value === undefined ? unset : Boolean(value);
}

/** A value, or the chart's default where nothing is said; null stays null, which is no default. */
export function either(values: ChartValues, path: string, unset: unknown): unknown {
  const value = get(values, path);
  return value === undefined ? unset : value;
}

export function given(values: ChartValues, path: string): boolean {
  const value = get(values, path);
  if (isMap(value)) return Object.keys(value).length > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
