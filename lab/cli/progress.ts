import { elapsed } from "../../commands/liveView/elapsed";

export { elapsed };

/** One long step: what it is doing now, and how long it has been at it. */
export interface Step {
  update(detail: string): void;
  end(): void;
}

/** Seconds between two lines about the same step where there is no terminal to draw on. */
const QUIET_SECONDS = 30;

/** Shows long steps with elapsed time: one line that renews itself on a terminal, else lines. */
export class Progress {
  private readonly running = new Set<() => void>();

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Begins a step. Lines written elsewhere meanwhile go through `line`. */
  step(title: string): Step {
    const started = Date.now();
    const { stream } = this;
    let detail = "";
    const draw = () => {
      const text = `  ${title}${detail && `, ${detail}`}, ${elapsed(Date.now() - started)}`;
      stream.write(stream.isTTY ? `\r\x1b[K${text.slice(0, stream.columns - 1)}` : `${text}\n`);
    };
    stream.write(stream.isTTY ? "" : `  ${title}\n`);
    const timer = setInterval(draw, stream.isTTY ? 200 : QUIET_SECONDS * 1000);
    timer.unref();
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      this.running.delete(end);
      draw();
      if (stream.isTTY) stream.write("\n");
    };
    this.running.add(end);
    return { update: (text) => void (detail = text), end };
  }

  /** Ends the lines of all steps, so that an error can be written below them. */
  endAll(): void {
    for (const end of this.running) end();
  }
}
