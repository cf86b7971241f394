import { type Faults, NO_FAULTS, type RpcName, TRANSPORT_FAULTS } from "./faults";

/** The faults of one node that are switched on. */
export class FaultSwitches {
  private active: Faults = NO_FAULTS;
  private cutsLeft: Partial<Record<RpcName, number>> = {};

  get current(): Faults {
    return this.active;
  }

  /** Switches; what is not named stays. True when the port has to be opened anew. */
  set(faults: Partial<Faults>): boolean {
    const before = this.active;
    this.active = { ...before, ...faults };
    if (faults.cutBeforeReply !== undefined) {
      this.cutsLeft = { ...faults.cutBeforeReply };
    }
    return TRANSPORT_FAULTS.some((fault) => before[fault] !== this.active[fault]);
  }

  /** Whether the reply of this call is to be lost; counts the loss. */
  cutsReply(rpc: RpcName): boolean {
    const left = this.cutsLeft[rpc] ?? 0;
    this.cutsLeft[rpc] = Math.max(0, left - 1);
    return left > 0;
  }
}
