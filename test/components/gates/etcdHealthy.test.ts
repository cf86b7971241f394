import assert from "node:assert/strict";

import type { EtcdState } from "../../../components/gates/etcdHealthy";
import { etcdFaults } from "../../../components/gates/etcdHealthy";

const member = (hostname: string, isLearner = false) => ({ hostname, isLearner });
const three = [member("cp-1"), member("cp-2"), member("cp-3")];
const state = (hostname: string, more: Partial<EtcdState> = {}): EtcdState => ({
  hostname,
  service: "Running",
  healthy: true,
  members: three,
  ...more,
});
const SILENT = {
  service: undefined,
  healthy: false,
  members: [],
  fault: "it does not answer",
};
const IN_MAINTENANCE = { ...SILENT, fault: undefined, inMaintenance: true };

describe("etcdFaults (that no control plane is touched meanwhile is proved on the lab)", () => {
  const cases: [string, EtcdState[], RegExp[]][] = [
    ["all healthy", [state("cp-1"), state("cp-2"), state("cp-3")], []],
    [
      "not bootstrapped yet",
      [state("cp-1", { service: "Preparing", healthy: false, members: [] })],
      [],
    ],
    [
      "a member that does not answer",
      [
        state("cp-1"),
        state("cp-2"),
        state("cp-3", {
          service: undefined,
          healthy: false,
          members: [],
          fault: "it does not answer",
        }),
      ],
      [/^cp-3: it does not answer$/],
    ],
    [
      "a member whose etcd failed",
      [state("cp-1"), state("cp-2", { service: "Failed", healthy: false }), state("cp-3")],
      [/^etcd on cp-2 is Failed and not healthy$/],
    ],
    [
      "a learner, named once",
      ["cp-1", "cp-2"].map((host) =>
        state(host, { members: [member("cp-1"), member("cp-2", true)] }),
      ),
      [/^cp-2 only learns yet$/],
    ],
    [
      "a new control plane that waits in maintenance",
      [
        state("cp-1"),
        state("cp-2"),
        state("cp-3"),
        state("cp-4", { service: undefined, healthy: false, members: [], fault: "foreign" }),
      ],
      [],
    ],
    [
      "nobody answers",
      [
        state("cp-1", {
          service: undefined,
          healthy: false,
          members: [],
          fault: "it does not answer",
        }),
      ],
      [/^cp-1: it does not answer$/],
    ],
    [
      "whose installation failed: it waits in maintenance again",
      [state("cp-1", IN_MAINTENANCE), state("cp-2", IN_MAINTENANCE)],
      [],
    ],
    [
      "one in maintenance tells nothing of those that do not answer",
      [state("cp-1", IN_MAINTENANCE), state("cp-2", SILENT), state("cp-3", SILENT)],
      [/^cp-2: it does not answer$/, /^cp-3: it does not answer$/],
    ],
    [
      "a member that was wiped",
      [state("cp-1"), state("cp-2"), state("cp-3", IN_MAINTENANCE)],
      [/^cp-3: it is in maintenance mode$/],
    ],
    [
      "etcd runs but names no members",
      [state("cp-1", { healthy: false, members: [] })],
      [/^etcd on cp-1 is Running and not healthy$/],
    ],
  ];
  for (const [name, states, expected] of cases) {
    it(`${expected.length === 0 ? "passes" : "holds"}: ${name}`, () => {
      const faults = etcdFaults(states);
      assert.equal(faults.length, expected.length, faults.join("; "));
      expected.forEach((pattern, index) => assert.match(faults[index]!, pattern));
    });
  }
});
