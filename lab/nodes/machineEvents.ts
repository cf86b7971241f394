import { randomUUID } from "node:crypto";
import { messageType, type Event } from "../../talosApi";

/** Kept for clients that ask for the tail. */
const CAPACITY = 1000;

type Payload =
  | { kind: "SequenceEvent"; sequence: string; action: "NOOP" | "START" | "STOP" }
  | { kind: "PhaseEvent"; phase: string; action: "START" | "STOP" }
  | { kind: "TaskEvent"; task: string; action: "START" | "STOP" }
  | {
      kind: "MachineStatusEvent";
      stage: string;
      status: { ready: boolean; unmetConditions: { name: string; reason: string }[] };
    };

interface StoredEvent extends Event {
  at: number;
}

/** What happens on a machine, in Talos' event messages. Lost on reboot, as on a real one. */
export class MachineEvents {
  private readonly stored: StoredEvent[] = [];
  private readonly listeners = new Set<(event: Event) => void>();

  publish(payload: Payload, actorId = ""): void {
    const { kind, ...message } = payload;
    const event: StoredEvent = {
      data: {
        type_url: `talos/runtime/machine.${kind}`,
        value: messageType<object>(`machine.${kind}`).serialize(message),
      },
      id: randomUUID(),
      actorId,
      at: Date.now(),
    };
    this.stored.push(event);
    if (this.stored.length > CAPACITY) {
      this.stored.shift();
    }
    for (const listener of this.listeners) {
      listener(event);
    }
  }

  /**
   * The events so far that a client asked for; `tailEvents` -1 means all, 0 none.
   * An unknown `tailId` gives all, as nothing after it can have been missed.
   */
  tail(options: { tailEvents: number; tailId: string; tailSeconds: number }): Event[] {
    if (options.tailId !== "") {
      return this.stored.slice(this.stored.findIndex(({ id }) => id === options.tailId) + 1);
    }
    if (options.tailSeconds !== 0) {
      const since = Date.now() - options.tailSeconds * 1000;
      return this.stored.filter(({ at }) => at >= since);
    }
    if (options.tailEvents === 0) {
      return [];
    }
    return options.tailEvents < 0 ? [...this.stored] : this.stored.slice(-options.tailEvents);
  }

  /** Calls `listener` for each event from now on, until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  clear(): void {
    this.stored.length = 0;
  }
}
