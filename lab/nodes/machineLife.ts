import { randomUUID } from "node:crypto";
import type { Stage } from "./nodeOptions";

/**
 * What a machine is doing and for how long. Between two power-ons lies a life: what one life began
 * and did not finish must not act in the next.
 */
export class MachineLife {
  private currentStage: Stage = "off";
  private generation = 0;
  private currentBootId = randomUUID();
  private timers: NodeJS.Timeout[] = [];

  constructor(private readonly onStage: (stage: Stage) => void) {}

  get stage(): Stage {
    return this.currentStage;
  }

  /** Booting or running: the configuration is in force. */
  get isUp(): boolean {
    return this.currentStage === "booting" || this.currentStage === "running";
  }

  get bootId(): string {
    return this.currentBootId;
  }

  enter(stage: Stage): void {
    if (stage !== this.currentStage) {
      this.currentStage = stage;
      this.onStage(stage);
    }
  }

  /** The machine goes down: ends all that this life began. */
  end(stage: Stage): void {
    this.generation += 1;
    this.timers.forEach(clearTimeout);
    this.timers = [];
    this.enter(stage);
  }

  /** The machine comes up. */
  begin(): void {
    this.generation += 1;
    this.currentBootId = randomUUID();
  }

  /** Says later whether this life still lasts. */
  watch(): () => boolean {
    const { generation } = this;
    return () => generation === this.generation;
  }

  /** Runs `action` after `ms`, unless the machine went down in between. */
  schedule(ms: number, action: () => void): void {
    this.timers.push(setTimeout(action, ms).unref());
  }

  /** Waits; true when nothing ended this life meanwhile. */
  async pause(ms: number): Promise<boolean> {
    const lasts = this.watch();
    if (ms > 0) {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    return lasts();
  }
}
