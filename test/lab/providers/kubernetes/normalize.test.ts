import assert from "node:assert/strict";
import { normalizeInputs } from "../../../../lab/providers/kubernetes/normalize";
import { canonicalQuantity } from "../../../../lab/providers/kubernetes/quantity";

type Json = Record<string, unknown>;

const pod = (spec: Json): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec,
});

// Not proved here: that the table of Go types fits the cluster's version; it is that of Kubernetes 1.36.
describe("kubernetes provider: normalised inputs", () => {
  const cases: [string, Json, Json][] = [
    [
      "drops fields that the kind does not have",
      { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" }, datum: { a: "1" } },
      { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } },
    ],
    [
      "leaves an object with a wrong type as it is",
      { apiVersion: "v1", kind: "ConfigMap", data: { a: 1 }, datum: {} },
      { apiVersion: "v1", kind: "ConfigMap", data: { a: 1 }, datum: {} },
    ],
    [
      "drops empty values where Go does, and keeps those behind a pointer",
      pod({ hostNetwork: false, containers: [], enableServiceLinks: false, nodeSelector: {} }),
      pod({ containers: [], enableServiceLinks: false }),
    ],
    [
      "writes quantities in one form",
      pod({
        containers: [{ name: "c", resources: { requests: { cpu: "1000m", memory: "1024Mi" } } }],
      }),
      pod({ containers: [{ name: "c", resources: { requests: { cpu: "1", memory: "1Gi" } } }] }),
    ],
    [
      "writes a Secret's stringData into its data",
      { apiVersion: "v1", kind: "Secret", stringData: { a: "b" }, data: { c: "ZA==" } },
      { apiVersion: "v1", kind: "Secret", data: { c: "ZA==", a: "Yg==" } },
    ],
    [
      "takes what only the cluster writes out of a custom resource, and nothing else",
      { apiVersion: "x.io/v1", kind: "X", metadata: { name: "x", uid: "u" }, any: [{}] },
      { apiVersion: "x.io/v1", kind: "X", metadata: { name: "x" }, any: [{}] },
    ],
  ];
  for (const [what, inputs, expected] of cases) {
    it(what, () => {
      const normalised = normalizeInputs(structuredClone(inputs));
      assert.deepEqual(normalised, expected);
    });
  }

  const quantities: [unknown, string | undefined][] = [
    ["1000m", "1"],
    ["0.5", "500m"],
    [0.5, "500m"],
    ["1024Mi", "1Gi"],
    ["1536Mi", "1536Mi"],
    ["1.5Gi", "1536Mi"],
    ["1000k", "1M"],
    ["1e3", "1e3"],
    [100, "100"],
    ["-250m", "-250m"],
    ["0", "0"],
    ["one", undefined],
  ];
  for (const [given, expected] of quantities) {
    it(`reads the quantity ${JSON.stringify(given)}`, () => {
      assert.equal(canonicalQuantity(given), expected);
    });
  }
});
