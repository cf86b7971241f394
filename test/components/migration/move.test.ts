import assert from "node:assert/strict";

import type { NodeFacts } from "../../../components/migration/facts";
import { isMoved, isMoving, nextMove } from "../../../components/migration/move";
import { moved, onFlannel, pod, POOL } from "./clusterOnFlannel";

const cordoned = { cordonedBefore: false, isCordoned: true };
const restarted = { uid: "agent-2", name: "cilium-n", isReady: true };
const labelled = { ...cordoned, isLabelled: true, agentBefore: "agent-1" };

/** What is seen of a node, and what its move does then. */
const cases: [what: string, node: NodeFacts, does: object][] = [
  ["on Flannel", onFlannel("n"), { do: "cordon" }],
  ["cordoned by its owner", onFlannel("n", { isCordoned: true }), { do: "cordon" }],
  ["NotReady", onFlannel("n", { isReady: false }), { do: "wait", for: "the node is NotReady" }],
  [
    "without an agent",
    onFlannel("n", { agent: undefined }),
    { do: "wait", for: "no agent of Cilium runs there" },
  ],
  [
    "cordoned, with pods",
    onFlannel("n", {
      ...cordoned,
      pods: [pod("10.244.1.2"), pod("10.244.1.3", { returns: true })],
    }),
    { do: "evict", pods: [pod("10.244.1.2")] },
  ],
  [
    "with pods that end",
    onFlannel("n", { ...cordoned, pods: [pod("10.244.1.2", { isLeaving: true })] }),
    { do: "wait", for: "default/web-1 to end" },
  ],
  [
    "with a pod that nobody makes again",
    onFlannel("n", { pods: [pod("10.244.1.2", { isBare: true })] }),
    {
      do: "refuse",
      reason: "nothing would make default/web-1 again",
      fix: "delete it, or let a controller own it; then run `pulumi up` again",
    },
  ],
  [
    "empty but for pods that return",
    onFlannel("n", { ...cordoned, pods: [pod("10.244.1.3", { returns: true })] }),
    { do: "label", agent: "agent-1" },
  ],
  [
    "empty, its agent not ready",
    onFlannel("n", { ...cordoned, agent: { ...restarted, isReady: false } }),
    { do: "wait", for: "cilium-n to be ready" },
  ],
  [
    "labelled by another hand",
    onFlannel("n", { ...cordoned, isLabelled: true }),
    { do: "label", agent: "agent-1" },
  ],
  ["labelled", onFlannel("n", labelled), { do: "restart agent", pod: "cilium-n" }],
  [
    "its agent starting again",
    onFlannel("n", { ...labelled, agent: { ...restarted, isReady: false } }),
    { do: "wait", for: "cilium-n to be ready" },
  ],
  [
    "on Cilium, with a pod of Flannel",
    onFlannel("n", { ...labelled, agent: restarted, pods: [pod("10.244.1.3"), pod("10.245.1.2")] }),
    { do: "restart pods", pods: [pod("10.244.1.3")] },
  ],
  [
    "on Cilium, that pod ending",
    onFlannel("n", {
      ...labelled,
      agent: restarted,
      pods: [pod("10.244.1.3", { isLeaving: true })],
    }),
    { do: "wait", for: "default/web-1 to end" },
  ],
  [
    "on Cilium alone",
    onFlannel("n", { ...labelled, agent: restarted, pods: [pod("10.245.1.2")] }),
    { do: "uncordon" },
  ],
  ["moved", moved("n", { pods: [pod("10.245.1.2")] }), { do: "done" }],
  ["moved, a pod starting", moved("n", { pods: [pod(undefined)] }), { do: "done" }],
];

describe("the move of a node (by what is seen of it; that it works is proved on the lab)", () => {
  for (const [what, node, does] of cases) {
    it(`goes on from a node that is ${what}`, () => {
      assert.deepEqual(
        nextMove({ ...node, agent: node.agent && { ...node.agent, name: "cilium-n" } }, POOL),
        does,
      );
    });
  }

  it("is begun, or over, and never both", () => {
    for (const [what, node] of cases) {
      assert.ok(!(isMoved(node, POOL) && isMoving(node, POOL)), what);
      assert.equal(isMoved(node, POOL), nextMove(node, POOL).do === "done", what);
    }
  });

  it("ends from every state, each deed doing what it says", () => {
    for (const [what, start] of cases.filter(([, node]) => node.isReady && node.agent)) {
      let node = start;
      const did: string[] = [];
      for (let steps = 0; steps < 10 && nextMove(node, POOL).do !== "done"; steps++) {
        const move = nextMove(node, POOL);
        did.push(move.do);
        if (move.do === "refuse") break;
        node = played(node, move.do);
      }
      const ended = nextMove(node, POOL).do;
      assert.ok(ended === "done" || ended === "refuse", `${what}: ${did.join(", ")}`);
    }
  });
});

/** The node after a deed, or after a while of waiting. */
function played(node: NodeFacts, did: string): NodeFacts {
  switch (did) {
    case "cordon":
      return { ...node, isCordoned: true, cordonedBefore: node.isCordoned };
    case "evict":
      return { ...node, pods: node.pods.filter(({ returns }) => returns) };
    case "label":
      return { ...node, isLabelled: true, agentBefore: node.agent!.uid };
    case "restart agent":
      return {
        ...node,
        agent: { ...node.agent!, uid: `${node.agent!.uid}-again`, isReady: false },
      };
    case "restart pods":
      return { ...node, pods: node.pods.map((each) => ({ ...each, ip: "10.245.1.9" })) };
    case "uncordon":
      return { ...node, isCordoned: node.cordonedBefore!, cordonedBefore: undefined };
    default:
      return {
        ...node,
        agent: { ...node.agent!, isReady: true },
        pods: node.pods.filter(({ isLeaving }) => !isLeaving),
      };
  }
}
