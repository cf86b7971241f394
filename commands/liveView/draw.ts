import { elapsed } from "./elapsed";
import type { View, ViewLine } from "./view";

/** A terminal's size in characters, and whether it is to show colours. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
}

const SPINNER = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const SPIN_MILLISECONDS = 100;

/** Sign and SGR colour of each state. */
const SIGNS: Readonly<Record<ViewLine["state"], readonly [string, number]>> = {
  waiting: ["·", 2],
  running: ["", 36],
  done: ["✔", 32],
  unchanged: ["✔", 2],
  failed: ["✘", 31],
};

/**
 * The view as lines that fit the screen. Where there are more lines than rows, those that run or failed
 * stay, and the others are counted. Pure.
 *
 * @param now Unix time in milliseconds
 */
export function drawView(view: View, now: number, screen: Screen): string[] {
  const width = Math.max(0, ...view.lines.map(({ name }) => name.length));
  // The cursor stands on a row of its own below.
  const room = Math.max(3, screen.rows - 2);
  const draw = (line: ViewLine) => drawLine(line, width, now, screen);
  if (view.lines.length <= room) return view.lines.map(draw);

  const busy = view.lines.filter(({ state }) => state === "running" || state === "failed");
  const shown = busy.slice(0, room - 1);
  const rest = view.lines.filter((line) => !shown.includes(line));
  const counts = (["done", "unchanged", "running", "failed", "waiting"] as const).flatMap(
    (state) => {
      const count = rest.filter((line) => line.state === state).length;
      return count > 0 ? [`${count} ${state}`] : [];
    },
  );
  return [
    ...shown.map(draw),
    paint(`  ${counts.join(", ")}`.slice(0, screen.columns - 1), 2, screen),
  ];
}

function drawLine(line: ViewLine, width: number, now: number, screen: Screen): string {
  const [sign, colour] = SIGNS[line.state];
  const spinner = SPINNER[Math.floor(now / SPIN_MILLISECONDS) % SPINNER.length]!;
  const time = line.begun === undefined ? "" : elapsed((line.ended ?? now) - line.begun);
  const detail = line.state === "unchanged" ? "unchanged" : line.detail;
  const head = ` ${line.name.padEnd(width)} ${time.padStart(12)}`;
  // Sign and indentation take three columns; a line that wraps would break the redrawing.
  const tail = `${head}  ${detail}`.trimEnd().slice(0, Math.max(0, screen.columns - 4));
  const dim = line.state === "waiting" || line.state === "unchanged";
  return `  ${paint(sign || spinner, colour, screen)}${dim ? paint(tail, 2, screen) : tail}`;
}

function paint(text: string, colour: number, { colours }: Screen): string {
  return colours ? `\x1b[${colour}m${text}\x1b[0m` : text;
}
