/** What the painter needs of a terminal. */
export type Terminal = Pick<NodeJS.WriteStream, "write" | "columns" | "rows">;

const REDRAW_MILLISECONDS = 100;

/** Draws lines at the same place of a terminal again and again, until it is ended. */
export class Painter {
  private drawn = 0;
  private readonly timer: NodeJS.Timeout;

  /** @param draw the lines as they are now, none wider than the terminal */
  constructor(
    private readonly terminal: Terminal,
    private readonly draw: () => readonly string[],
  ) {
    this.timer = setInterval(() => this.paint(), REDRAW_MILLISECONDS);
    this.timer.unref();
    this.paint();
  }

  /** Writes a line above the others, to stay there. */
  print(text: string): void {
    this.paint(`${text}\n`);
  }

  /** Lets the picture stand as it is, and draws the next one below what somebody else wrote. */
  leave(): void {
    this.drawn = 0;
  }

  /** Draws for the last time; what is written next comes below. */
  end(): void {
    clearInterval(this.timer);
    this.paint();
    this.leave();
  }

  private paint(above = ""): void {
    const lines = this.draw();
    const back = this.drawn > 0 ? `\x1b[${this.drawn}A` : "";
    // In one write, so that no half-drawn picture is seen.
    this.terminal.write(`${back}\r\x1b[J${above}${lines.map((line) => `${line}\n`).join("")}`);
    this.drawn = lines.length;
  }
}
