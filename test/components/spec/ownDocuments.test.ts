import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";

import { configPatchesFor } from "../../../components/patches";
import { generatedDocuments } from "../../../components/spec/configPatches/generated";
import type {
  MachineDocuments,
  TalosDocument,
} from "../../../components/spec/configPatches/machineDocuments";
import { mergeDocument } from "../../../components/spec/configPatches/merge";
import { ownDocuments } from "../../../components/spec/configPatches/ownDocuments";
import { clusterSpec, fullClusterSpec, fullNodeSpec, nodeSpec } from "../patches/specs";

describe("what user patches are checked against (not what Talos makes of it)", () => {
  for (const configContract of ["v1.9", "v1.11", "v1.12", "v1.13"]) {
    for (const machineType of ["controlplane", "worker"] as const) {
      for (const [size, spec, node] of [
        ["small", clusterSpec({ configContract }), nodeSpec({ machineType })],
        ["full", fullClusterSpec({ configContract }), fullNodeSpec({ machineType })],
        [
          "with kube-proxy",
          clusterSpec({ configContract, kubeProxy: true }),
          nodeSpec({ machineType }),
        ],
      ] as const) {
        it(`is what the program sends: ${machineType}, contract ${configContract}, ${size}`, () => {
          const generated = generatedDocuments({ configContract, machineType });
          const sent = configPatchesFor(spec, node).flatMap((text) =>
            parseAllDocuments(text).map((document) => document.toJS() as TalosDocument),
          );
          assert.deepEqual(
            comparable(ownDocuments(spec, node).reduce(mergeDocument, generated)),
            comparable(sent.reduce(mergeDocument, generated)),
          );
        });
      }
    }
  }
});

/** Without what no check depends on: the image, names in certificates, empty objects. */
function comparable(documents: MachineDocuments): unknown {
  return JSON.parse(
    JSON.stringify(documents, (key, value: unknown) => {
      if (key === "image" || key === "certSANs" || key === "port") return undefined;
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      const kept = Object.entries(value).filter(
        ([, inner]) => typeof inner !== "object" || inner === null || Object.keys(inner).length > 0,
      );
      return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
    }),
  );
}
