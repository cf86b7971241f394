import { counted, escaped, formatSeconds } from "./format";
import { STAGES } from "./lanes";
import type { PlacedBar, PlacedLane, Scale } from "./layout";
import { placeLane, shortened, textWidth, ticks, xOf } from "./layout";
import type { Report } from "./report";
import { TIMELINE_STYLE } from "./style";

/** A drawing for wide screens, or one for phones, which names each lane above it. */
export type Form = "wide" | "narrow";

const FORMS = {
  wide: { width: 960, left: 132, right: 948, fontSize: 12, ticks: 10 },
  narrow: { width: 336, left: 8, right: 328, fontSize: 11, ticks: 5 },
} as const satisfies Record<Form, object>;

const ROW = 21;
const BAR = 15;
const MARK_ROW = 16;
const BUDGET = 34;
const LANE_PADDING = 5;
const LANE_TITLE = 17;
const AXIS = 24;

/** The class, and so the colour, of a lane's bars. */
const COLOURS: Readonly<Record<string, string>> = {
  [STAGES.secrets]: "secrets",
  [STAGES.bootstrap]: "bootstrap",
  [STAGES.cilium]: "cilium",
  [STAGES.other]: "other",
};

/** The drawing as a file of its own, with its colours for light and dark. Pure. */
export function timelineFile(report: Report): string {
  return timelineSvg(report, "wide", `<style>${TIMELINE_STYLE}</style>`);
}

/**
 * The timeline: every lane with its bars, the moments of the bootstrap window, its budget, and an axis in
 * seconds. Pure.
 *
 * @param head what comes first in the drawing
 */
export function timelineSvg(report: Report, form: Form, head = ""): string {
  const { width, left, right, fontSize, ticks: atMost } = FORMS[form];
  const scale = { left, right, seconds: lastSecond(report) };
  const lanes = report.lanes.map((lane) => placeLane(lane, scale, fontSize));
  const marksTop = 4;
  const budgetTop = marksTop + report.marks.length * MARK_ROW + 4;
  const lanesTop = budgetTop + BUDGET;
  const tops: number[] = [];
  let bottom = lanesTop;
  for (const lane of lanes) {
    tops.push(bottom);
    bottom += laneHeight(lane, form);
  }
  const height = bottom + AXIS;
  const parts = [
    head,
    `<defs><pattern id="gate-${form}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stripe" width="2.4" height="6"/></pattern></defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...lanes.map((_, index) => {
      const box = `y="${tops[index]}" width="${width}" height="${laneHeight(lanes[index]!, form)}"`;
      return index % 2 === 0 ? `<rect class="band" ${box}/>` : "";
    }),
    ...axis(scale, ticks(scale.seconds, atMost), lanesTop, bottom),
    ...markLines(report, scale, marksTop, bottom),
    ...budget(report, scale, budgetTop, bottom, fontSize),
    ...lanes.map((lane, index) => drawLane(lane, tops[index]!, form)),
    ...markLabels(report, scale, marksTop),
  ];
  const title = `Timeline of ${report.stack}: ${counted(lanes.length, "lane")}, ${formatSeconds(scale.seconds)}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="timeline ${form}" viewBox="0 0 ${width} ${height}" ` +
    `font-size="${fontSize}" role="img" aria-label="${escaped(title)}">\n${parts.filter(Boolean).join("\n")}\n</svg>`
  );
}

/** Where the axis ends: behind all bars and moments. */
function lastSecond({ lanes, marks, run }: Report): number {
  const ends = lanes.flatMap(({ bars }) => bars.map((bar) => bar.begun + bar.seconds));
  return Math.max(0.1, run.seconds, ...ends, ...marks.map(({ second }) => second));
}

function laneHeight({ rows }: PlacedLane, form: Form): number {
  return rows * ROW + 2 * LANE_PADDING + (form === "narrow" ? LANE_TITLE : 0);
}

function drawLane({ lane, bars }: PlacedLane, top: number, form: Form): string {
  const barsTop = top + LANE_PADDING + (form === "narrow" ? LANE_TITLE : 0);
  const { left, fontSize, right } = FORMS[form];
  const room = form === "wide" ? left - 20 : right - left;
  const name = shortened(lane.name, room, fontSize);
  const nameY = form === "wide" ? barsTop + ROW / 2 + 4 : top + LANE_PADDING + 11;
  const colour = COLOURS[lane.name] ?? "node";
  return [
    `<g class="lane ${colour}" data-lane="${escaped(lane.name)}">`,
    `<text class="name" x="${form === "wide" ? 12 : left}" y="${nameY}">${escaped(name)}</text>`,
    ...bars.map((bar) => drawBar(bar, barsTop, form)),
    "</g>",
  ].join("\n");
}

function drawBar({ bar, x, width, row, label }: PlacedBar, top: number, form: Form): string {
  const y = top + row * ROW + (ROW - BAR) / 2;
  const box = `x="${pixel(x)}" y="${pixel(y)}" width="${pixel(width)}" height="${BAR}" rx="2.5"`;
  const textX = label?.side === "left" ? x - 4 : label?.side === "right" ? x + width + 4 : x + 5;
  const result = bar.result === "done" ? "" : `, ${bar.result}`;
  const tip = `${bar.name}: ${bar.operation}, ${formatSeconds(bar.seconds)} from second ${bar.begun.toFixed(1)} on${result}`;
  return [
    `<g class="bar ${bar.isGate ? "gate " : ""}${bar.result}" data-bar="${escaped(bar.name)}">`,
    `<title>${escaped(tip)}</title><rect ${box}/>`,
    bar.isGate ? hatching(x, y, width, label, form) : "",
    label
      ? `<text class="${label.side}" x="${pixel(textX)}" y="${pixel(y + 11.5)}">${escaped(label.text)}</text>`
      : "",
    "</g>",
  ].join("");
}

/** Behind the label, if that stands inside. */
function hatching(
  x: number,
  y: number,
  width: number,
  label: PlacedBar["label"],
  form: Form,
): string {
  const from = label?.side === "inside" ? textWidth(label.text, FORMS[form].fontSize) + 8 : 1;
  const rest = width - from - 1;
  if (rest <= 0) return "";
  return `<rect class="hatching" x="${pixel(x + from)}" y="${pixel(y + 1)}" width="${pixel(rest)}" height="${BAR - 2}" fill="url(#gate-${form})"/>`;
}

function axis(scale: Scale, seconds: readonly number[], top: number, bottom: number): string[] {
  return seconds.map((second) => {
    const x = pixel(xOf(scale, second));
    const isLast = xOf(scale, second) > scale.right - 14;
    return (
      `<line class="tick" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>` +
      `<text class="axis${isLast ? " last" : second === 0 ? " first" : ""}" x="${x}" y="${bottom + 16}">${second} s</text>`
    );
  });
}

function markLines({ marks }: Report, scale: Scale, top: number, bottom: number): string[] {
  return marks.map(({ second }, index) => {
    const x = pixel(xOf(scale, second));
    return `<line class="mark" x1="${x}" x2="${x}" y1="${top + index * MARK_ROW}" y2="${bottom}"/>`;
  });
}

/** One below the other, as stairs: moments may be close together. */
function markLabels({ marks }: Report, scale: Scale, top: number): string[] {
  const middle = (scale.left + scale.right) / 2;
  return marks.map(({ name, title, second }, index) => {
    const x = xOf(scale, second);
    const side = x > middle ? "left" : "right";
    return (
      `<text class="mark ${side}" data-mark="${name}" x="${pixel(side === "left" ? x - 5 : x + 5)}" ` +
      `y="${top + index * MARK_ROW + 11}">${escaped(title)} ${formatSeconds(second)}</text>`
    );
  });
}

/** The budget from the accepted bootstrap on, and what was used of it. It may end beyond the axis. */
function budget(report: Report, scale: Scale, top: number, bottom: number, size: number): string[] {
  const accepted = report.marks.find(({ name }) => name === "bootstrapAccepted");
  if (!accepted) return [];
  const { secondsUsed, secondsBudgeted } = report.window;
  const end = accepted.second + secondsBudgeted;
  const from = xOf(scale, accepted.second);
  const to = xOf(scale, end);
  const used = secondsUsed === undefined ? from : xOf(scale, accepted.second + secondsUsed);
  const over = secondsUsed !== undefined && secondsUsed > secondsBudgeted;
  const track = (name: string, x1: number, x2: number) =>
    `<rect class="${name}" x="${pixel(x1)}" y="${top + 18}" width="${pixel(Math.max(0, x2 - x1))}" height="6" rx="3"/>`;
  const words = budgetText(report.window);
  const long = textWidth(words, size);
  const textX = Math.max(scale.left, Math.min(from, scale.right - long));
  return [
    `<g class="budget${over ? " over" : ""}">`,
    track("all", from, to),
    track("used", from, used),
    `<text x="${pixel(textX)}" y="${top + 11}">${escaped(words)}</text>`,
    end <= scale.seconds
      ? `<line class="end" x1="${pixel(to)}" x2="${pixel(to)}" y1="${top + 14}" y2="${bottom}"/>`
      : `<path class="more" d="M${pixel(to)} ${top + 16}l5 5l-5 5z"/>`,
    "</g>",
  ];
}

/** What a window used of its budget, in words. Pure. */
export function budgetText({ secondsUsed, secondsBudgeted }: Report["window"]): string {
  if (secondsUsed === undefined) return `Bootstrap window: ${secondsBudgeted} s budgeted`;
  const part = Math.max(1, Math.round((100 * secondsUsed) / secondsBudgeted));
  return `Bootstrap window: ${formatSeconds(secondsUsed)} of ${secondsBudgeted} s (${part} %)`;
}

function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}
