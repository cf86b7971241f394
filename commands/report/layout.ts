import type { Lane, ReportBar } from "./lanes";
import { formatSeconds } from "./format";

/** The scale of a timeline: seconds to pixels. */
export interface Scale {
  /** Pixels of second 0 and of the last second. */
  readonly left: number;
  readonly right: number;
  /** The last second. */
  readonly seconds: number;
}

/** Where a bar stands in its lane, and where its label. */
export interface PlacedBar {
  readonly bar: ReportBar;
  readonly x: number;
  readonly width: number;
  /** 0 is the lane's first row. */
  readonly row: number;
  /** Absent where all that the resource does is to keep a value. */
  readonly label?: { readonly text: string; readonly side: "inside" | "right" | "left" };
}

export interface PlacedLane {
  readonly lane: Lane;
  readonly rows: number;
  readonly bars: readonly PlacedBar[];
}

/** A bar of no duration is still seen. */
const SHORTEST = 3;
const GAP = 6;
const PADDING = 4;

/** Shorter than this part of the axis, and only a kept value: a tick without a label. */
const NO_WEIGHT = 0.01;

/** Width of a text, on the safe side: fonts differ from machine to machine. */
export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * 0.62;
}

/** Pixel of a second. Pure. */
export function xOf({ left, right, seconds }: Scale, second: number): number {
  return left + ((right - left) * Math.min(second, seconds)) / seconds;
}

/** Seconds at which the axis has a line: 1, 2 or 5 times a power of ten apart. Pure. */
export function ticks(seconds: number, atMost: number): number[] {
  const power = 10 ** Math.floor(Math.log10(seconds / atMost));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => seconds / size <= atMost)!;
  const count = Math.floor(seconds / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((index * step).toPrecision(6)));
}

/**
 * Puts the bars of a lane into as few rows as they need for no bar and no label to touch another.
 * Those with a label come first, so that they get the first rows. Pure.
 */
export function placeLane(lane: Lane, scale: Scale, fontSize: number): PlacedLane {
  const rows: [number, number][][] = [];
  const isFree = (row: number, [from, to]: [number, number]) =>
    (rows[row] ?? []).every(([a, b]) => to + GAP <= a || b + GAP <= from);
  const place = (bar: ReportBar): PlacedBar => {
    const wanted = xOf(scale, bar.begun);
    const width = Math.max(SHORTEST, xOf(scale, bar.begun + bar.seconds) - wanted);
    const x = Math.min(wanted, scale.right - width);
    const places = isOfNoWeight(bar, scale)
      ? [{ extent: [x, x + width] as [number, number], label: undefined }]
      : labelPlaces(bar, x, width, scale, fontSize);
    for (let row = 0; ; row++) {
      const free = places.find(({ extent }) => isFree(row, extent));
      if (!free) continue;
      (rows[row] ??= []).push(free.extent);
      return { bar, x, width, row, ...(free.label && { label: free.label }) };
    }
  };
  const byWeight = [false, true].flatMap((quiet) =>
    lane.bars.filter((bar) => isOfNoWeight(bar, scale) === quiet),
  );
  const bars = byWeight.map(place);
  const inOrder = lane.bars.map((bar) => bars.find((placed) => placed.bar === bar)!);
  return { lane, rows: Math.max(1, rows.length), bars: inOrder };
}

function isOfNoWeight(bar: ReportBar, { seconds }: Scale): boolean {
  return (
    bar.type === "pulumi:index:Stash" &&
    !bar.isGate &&
    bar.result === "done" &&
    bar.seconds < seconds * NO_WEIGHT
  );
}

/** The places that a bar's label may have, the best first, with what bar and label take up. */
function labelPlaces(
  bar: ReportBar,
  x: number,
  width: number,
  scale: Scale,
  fontSize: number,
): { label: NonNullable<PlacedBar["label"]>; extent: [number, number] }[] {
  const full = `${bar.label} ${formatSeconds(bar.seconds)}`;
  const long = textWidth(full, fontSize);
  if (long + 2 * PADDING <= width) {
    return [{ label: { text: full, side: "inside" }, extent: [x, x + width] }];
  }
  const room = { right: scale.right - (x + width), left: x - scale.left };
  const fits = (["right", "left"] as const).filter((side) => room[side] >= long + PADDING);
  const sides = fits.length > 0 ? fits : ([room.right >= room.left ? "right" : "left"] as const);
  return sides.map((side) => {
    const text = fitted(bar, room[side] - PADDING, fontSize);
    const takes = textWidth(text, fontSize) + PADDING;
    return {
      label: { text, side },
      extent: side === "right" ? [x, x + width + takes] : [x - takes, x + width],
    };
  });
}

/** The seconds are never cut. */
function fitted({ label, seconds }: ReportBar, width: number, fontSize: number): string {
  const time = ` ${formatSeconds(seconds)}`;
  return shortened(label, width - textWidth(time, fontSize), fontSize) + time;
}

/** A text that fits, with an ellipsis where it was cut. Pure. */
export function shortened(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = Math.max(1, Math.floor(width / textWidth("x", fontSize)) - 1);
  return `${text.slice(0, characters).trimEnd()}…`;
}
