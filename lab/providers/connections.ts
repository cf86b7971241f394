import { setMaxListeners } from "node:events";

import { EngineLog } from "./engineLog";
import type { ProviderImplementation } from "./implementation";

/** One connection of an engine: one provider resource. */
export class Connection<TInstance> {
  readonly engineLog = new EngineLog();
  private readonly cancellation = new AbortController();

  constructor(readonly instance: TInstance) {}

  /** The signal of one call; `release` aborts it, which is harmless once the call is answered. */
  startCall(): { signal: AbortSignal; release: (reason?: "disconnected") => void } {
    const call = new AbortController();
    // One call may ask the API server for many objects side by side.
    setMaxListeners(0, call.signal);
    const abort = (): void => call.abort();
    if (this.cancellation.signal.aborted) {
      abort();
    }
    this.cancellation.signal.addEventListener("abort", abort);
    return {
      signal: call.signal,
      release: (reason) => {
        this.cancellation.signal.removeEventListener("abort", abort);
        call.abort(reason);
      },
    };
  }

  /** Aborts the running calls and all later ones. */
  cancel(): void {
    this.cancellation.abort();
    this.engineLog.close();
  }

  get cancelled(): boolean {
    return this.cancellation.signal.aborted;
  }
}

/** The connections of a server, by the peer's address. */
export class Connections<TInstance> {
  private readonly byPeer = new Map<string, Connection<TInstance>>();

  constructor(private readonly implementation: ProviderImplementation<TInstance>) {}

  /** `first` says that the call opens a connection: a port may have been used before. */
  of(peer: string, first: boolean): Connection<TInstance> {
    if (first) {
      this.dropCancelled(peer);
    }
    let connection = this.byPeer.get(peer);
    if (connection === undefined) {
      connection = new Connection(this.implementation.createInstance());
      this.byPeer.set(peer, connection);
    }
    return connection;
  }

  closeAll(): void {
    for (const peer of [...this.byPeer.keys()]) {
      this.drop(peer);
    }
  }

  private dropCancelled(peer: string): void {
    for (const [other, connection] of [...this.byPeer]) {
      if (other === peer || connection.cancelled) {
        this.drop(other);
      }
    }
  }

  private drop(peer: string): void {
    const connection = this.byPeer.get(peer);
    this.byPeer.delete(peer);
    if (connection !== undefined) {
      connection.cancel();
      this.implementation.dispose?.(connection.instance);
    }
  }
}
