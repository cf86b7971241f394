import assert from "node:assert/strict";
import path from "node:path";

import { parse, parseAllDocuments } from "yaml";

import { keyProblems, omniFiles } from "../../../commands/omni/omniFiles";
import { parseClusterSpec } from "../../../components/spec";
import { assertGolden } from "../../support/golden";
import { useLabHelm } from "../../support/labHelm";
import { minimalCluster } from "../../components/spec/minimalCluster";

const ROOT = path.resolve(__dirname, "../../..");

function specOf(cilium: object = {}, cluster: object = {}) {
  const { spec, problems } = parseClusterSpec({
    ...minimalCluster(),
    ...cluster,
    cilium: { version: "1.20.0", chart: "./lab/charts/cilium", ...cilium },
  });
  assert.deepEqual(problems, []);
  return spec!;
}

describe("files for Omni (the stand-in chart; not that Omni takes them)", function () {
  this.timeout(20_000);
  useLabHelm();

  it("are the same at each run: patches, manifests, and what names them", () => {
    const own = { configPatches: ["machine:\n  sysctls:\n    a.b: '1'\n"] };
    const [once, again] = [omniFiles(specOf({}, own), ROOT), omniFiles(specOf({}, own), ROOT)];
    assert.deepEqual(once.problems, []);
    assert.deepEqual([...once.files], [...again.files]);
    const patches = [...once.files].filter(([file]) => file.startsWith("patches/"));
    const texts = patches.map(([file, text]) => `# ${file}\n${text}`);
    assertGolden("omni/files.yaml", [once.template, ...texts].join("---\n"));
    const template = parseAllDocuments(once.template).map((each) => each.toJS() as object);
    const named = [...JSON.stringify(template).matchAll(/"file":"([^"]+)"/g)].map(
      ([, file]) => file,
    );
    assert.deepEqual(named.sort(), [...once.files.keys()].sort());
  });

  it("leave machines, keys and the bootstrap to Omni", () => {
    const { files } = omniFiles(specOf({ hubble: { relay: true } }), ROOT);
    for (const [file, text] of files) {
      const found = /^ *(hostname|install|tls\.key|ca\.key):|PRIVATE KEY/m.exec(text);
      assert.equal(found, null, file);
    }
    const network = parse(files.get("patches/cluster-cluster-network.yaml")!) as {
      cluster: { network: { cni: object } };
    };
    assert.deepEqual(network.cluster.network.cni, { name: "none" });
    assert.match(files.get("patches/control-plane-kube-proxy.yaml")!, /disabled: true/);
    const cilium = files.get("manifests/cilium.yaml")!;
    assert.match(cilium, /kind: DaemonSet/);
    assert.match(cilium, /cilium\/certgen:/);
  });

  it("put objects of features behind Cilium", () => {
    const lbIPAM = { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } };
    const { files, template } = omniFiles(specOf({ lbIPAM, servingCertApprover: {} }), ROOT);
    assert.match(files.get("manifests/last.yaml")!, /CiliumLoadBalancerIPPool/);
    assert.match(files.get("manifests/first.yaml")!, /kubelet-serving-cert-approver/);
    const order = ["first", "cilium", "last"].map((name) => template.indexOf(`manifests/${name}`));
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      order,
    );
  });

  it("refuse what would put a key into a file", () => {
    const paths = (cilium: object, cluster: object = {}) =>
      keyProblems(specOf(cilium, cluster)).map(({ propertyPath }) => propertyPath);
    assert.deepEqual(paths({}), []);
    assert.deepEqual(paths({ encryption: { type: "ipsec" } }), ["cilium.encryption"]);
    assert.deepEqual(paths({ version: "1.18.12" }, { kubernetesVersion: "1.33.0" }), [
      "cilium.hubble.tls",
    ]);
    assert.deepEqual(paths({ hubble: { enabled: false } }), []);
  });
});
