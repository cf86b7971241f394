import assert from "node:assert/strict";

import { notAwaitingCNI } from "../../../components/gates/awaitingCNI";

const NO_CNI =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";
const node = (name: string, status: string, message?: string) => ({
  metadata: { name },
  status: { conditions: [{ type: "Ready", status, message }] },
});

describe("notAwaitingCNI (words of the kubelet as the simulated nodes say them)", () => {
  const cases: [what: string, nodes: object[], expected: string[] | undefined, faults: string[]][] =
    [
      ["nobody is there", [], undefined, ["no node has joined"]],
      ["only the CNI is missing", [node("cp-1", "False", NO_CNI)], ["cp-1"], []],
      ["somebody brought a CNI", [node("cp-1", "True")], ["cp-1"], []],
      [
        "one has not joined",
        [node("cp-1", "False", NO_CNI)],
        ["cp-1", "worker-1"],
        ["node worker-1 has not joined"],
      ],
      [
        "another thing is wrong",
        [node("cp-1", "False", "PLEG is not healthy")],
        undefined,
        ["node cp-1 is NotReady: PLEG is not healthy"],
      ],
      [
        "the kubelet is silent",
        [{ metadata: { name: "cp-1" } }],
        ["cp-1"],
        ["node cp-1 is NotReady: it has not reported yet"],
      ],
    ];
  for (const [what, nodes, expected, faults] of cases) {
    it(`names what is missing where ${what}`, () => {
      assert.deepEqual(notAwaitingCNI({ nodes: nodes as never }, { nodes: expected }), faults);
    });
  }
});
