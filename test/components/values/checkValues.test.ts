import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { pack } from "tar-stream";
import { parse } from "yaml";

import type { ChartValues } from "../../../components/values";
import { chartKeysFor, checkValues } from "../../../components/values";
import { removedKeys } from "../../../components/values/removedKeys";
import { requireSharedData, sharedData } from "../../support/sharedData";

const VERSION = "1.20.0";

function only(values: ChartValues, version = VERSION): { id: string; path: string; fix: string } {
  const problems = checkValues(values, version);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const [{ id, propertyPath, fix }] = problems as [(typeof problems)[number]];
  return { id, path: propertyPath.replace("cilium.values.", ""), fix };
}

const meshCertificate = (name: string) => ({
  clustermesh: { apiserver: { tls: { [name]: { cert: "x" } } } },
});

describe("checkValues (keys, types and words; not what a cluster's CRDs decide)", () => {
  describe("keys", () => {
    it("names the nearest one for an unknown key, at every depth", () => {
      assert.deepEqual(only({ bpf: { masquerde: true } }), {
        id: "unknown-chart-key",
        path: "bpf.masquerde",
        fix: "did you mean bpf.masquerade?",
      });
      assert.equal(only({ KubeProxyReplacement: true }).fix, "did you mean kubeProxyReplacement?");
      assert.equal(
        only({ cgroup: { automount: { enabled: false } } }).fix,
        "did you mean cgroup.autoMount?",
      );
    });

    it("nests what is written as behind --set, and shows what was written", () => {
      const [problem] = checkValues({ "hubble.relay.enabled": true }, "1.20.0");
      assert.equal(problem?.got, true);
      assert.match(problem?.fix ?? "", /write hubble: \{ relay: \{ enabled: … \} \}$/);
      const [inner] = checkValues({ hubble: { "relay.enabled": true } }, "1.20.0");
      assert.match(inner?.fix ?? "", /write relay: \{ enabled: … \}$/);
      assert.doesNotMatch(only({ "a.b": true }).fix, /nest|--set/);
    });

    it("suggests nothing where nothing is like it", () => {
      assert.doesNotMatch(only({ flannel: { enabled: false } }).fix, /did you mean/);
    });

    it("knows keys that only templates read", () => {
      const live = {
        loadBalancer: { mode: "dsr", algorithm: "maglev", dsrDispatch: "opt" },
        socketLB: { hostNamespaceOnly: true, terminatePodConnections: true, tracing: true },
        nodePort: { directRoutingDevice: "eth0" },
        l2announcements: { enabled: true, leaseDuration: "3s", leaseRenewDeadline: "1s" },
        policyAuditMode: true,
        devices: ["eth0"],
      };
      for (const version of ["1.18.0", "1.19.0", "1.20.1"]) {
        assert.deepEqual(checkValues(live, version), [], version);
      }
    });

    it("leaves maps alone whose keys are the user's", () => {
      const values = {
        podAnnotations: { "example.org/a": "b" },
        commonLabels: { team: "net" },
        extraConfig: { "any-agent-flag": "true" },
        nodeSelector: { "example.org/cilium": "true" },
        hubble: { ui: { service: { annotations: { "lbipam.cilium.io/ips": "10.0.0.1" } } } },
        operator: {
          resources: { limits: { cpu: 1 } },
          affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
          updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          securityContext: { runAsNonRoot: true },
        },
        maglev: { tableSize: 65521 },
        global: { anything: 1 },
      };
      assert.deepEqual(checkValues(values, VERSION), []);
    });

    it("tells what became of a removed key, where it was removed", () => {
      const fixes: [ChartValues, RegExp][] = [
        [{ tunnel: "disabled" }, /routingMode/],
        [{ bgp: { enabled: true, announce: { loadbalancerIP: true } } }, /bgpControlPlane/],
        [{ encryption: { strictMode: { enabled: true } } }, /strictMode\.egress\.enabled/],
        [{ encryption: { secretName: "x" } }, /encryption\.ipsec\.secretName/],
        [meshCertificate("server"), /clustermesh-apiserver-server-cert/],
        [meshCertificate("admin"), /clustermesh-apiserver-admin-cert/],
      ];
      for (const [values, fix] of fixes) {
        const problems = checkValues(values, VERSION);
        assert.ok(problems.length > 0, JSON.stringify(values));
        for (const problem of problems) {
          assert.equal(problem.id, "removed-chart-key");
          assert.match(problem.fix, fix);
        }
      }
      for (const values of [
        { encryption: { strictMode: { enabled: true } } },
        meshCertificate("server"),
      ]) {
        assert.deepEqual(checkValues(values, "1.19.6"), []);
      }
    });

    it("takes a removed key that says what holds anyway, and no other", () => {
      const keys = (enabled: boolean) => ({ externalIPs: { enabled }, hostPort: { enabled } });
      assert.deepEqual(checkValues({ kubeProxyReplacement: true, ...keys(true) }, VERSION), []);
      assert.deepEqual(checkValues({ kubeProxyReplacement: false, ...keys(false) }, VERSION), []);
      assert.equal(checkValues({ kubeProxyReplacement: false, ...keys(true) }, VERSION).length, 2);
      assert.equal(checkValues({ kubeProxyReplacement: true, ...keys(false) }, VERSION).length, 2);
    });

    it("takes a key that only later patches of the minor removed, where the chart is at hand", () => {
      const values = { l2podAnnouncements: { interface: "eth0" } };
      const keys = { l2podAnnouncements: { interface: "string" } };
      assert.equal(checkValues(values, "1.19.0").length, 1);
      assert.deepEqual(checkValues(values, "1.19.0", keys), []);
    });

    it("does not judge the keys of a minor that it has no index of", () => {
      assert.deepEqual(checkValues({ something: { new: true } }, "1.21.0"), []);
    });
  });

  describe("types and words", () => {
    const wrong: [string, ChartValues, RegExp][] = [
      ["operator.replicas", { operator: { replicas: "2" } }, /give an integer/],
      ["hubble.enabled", { hubble: { enabled: "yes" } }, /boolean/],
      ["envoy.prometheus.port", { envoy: { prometheus: { port: 9964 } } }, /string/],
      ["tolerations", { tolerations: { operator: "Exists" } }, /list/],
      [
        "securityContext.capabilities.ciliumAgent",
        { securityContext: { capabilities: { ciliumAgent: [1] } } },
        /list of strings/,
      ],
      ["hubble", { hubble: true }, /map/],
      ["identityManagementMode", { identityManagementMode: "none" }, /give "agent" or "operator"/],
      ["bpf.monitorTraceIPOption", { bpf: { monitorTraceIPOption: 256 } }, /integer from 0 to 255/],
      ["kubeProxyReplacement", { kubeProxyReplacement: "strict" }, /true, false/],
      ["encryption.type", { encryption: { type: "wiregaurd" } }, /wireguard/],
      ["routingMode", { routingMode: "direct" }, /native/],
      ["ipam.mode", { ipam: { mode: "host" } }, /kubernetes, cluster-pool/],
      ["identityAllocationMode", { identityAllocationMode: "etcd" }, /crd, kvstore/],
      ["policyEnforcementMode", { policyEnforcementMode: "on" }, /default, always, never/],
      ["bpf.datapathMode", { bpf: { datapathMode: "netkit_l2" } }, /veth, netkit, netkit-l2, auto/],
      ["underlayProtocol", { underlayProtocol: "ip6" }, /ipv4, ipv6, auto/],
      ["defaultLBServiceIPAM", { defaultLBServiceIPAM: "lb-ipam" }, /lbipam, nodeipam, none/],
      [
        "bgpControlPlane.routerIDAllocation.mode",
        { bgpControlPlane: { routerIDAllocation: { mode: "pool" } } },
        /default, ip-pool/,
      ],
      [
        "gatewayAPI.gatewayClass.create",
        { gatewayAPI: { gatewayClass: { create: "yes" } } },
        /auto, true, false/,
      ],
    ];
    for (const [name, values, fix] of wrong) {
      it(`refuses a wrong ${name}`, () => {
        const problem = only(values);
        assert.equal(problem.path, name);
        assert.match(problem.fix, fix);
      });
    }

    it("takes a word from the first chart on that knows it", () => {
      const ztunnel = { encryption: { enabled: true, type: "ztunnel" } };
      assert.equal(only(ztunnel, "1.18.12").fix, "set one of ipsec, wireguard");
      assert.deepEqual(checkValues(ztunnel, "1.19.6"), []);
      const auto = { bpf: { datapathMode: "auto" }, underlayProtocol: "auto" };
      assert.equal(checkValues(auto, "1.19.6").length, 2);
      assert.deepEqual(checkValues(auto, "1.20.0"), []);
    });

    it("takes a word in capitals where the chart does", () => {
      assert.deepEqual(checkValues({ policyEnforcementMode: "Always" }, VERSION), []);
      assert.equal(checkValues({ defaultLBServiceIPAM: "LBIPAM" }, VERSION).length, 1);
    });

    it("takes null where it takes out a scalar, a list or what Kubernetes reads", () => {
      assert.deepEqual(
        checkValues({ MTU: null, tolerations: null, envoy: { affinity: null } }, VERSION),
        [],
      );
    });

    it("refuses null for a map that templates read", () => {
      for (const [values, path] of [
        [{ operator: null }, "operator"],
        [{ hubble: { tls: null } }, "hubble.tls"],
      ] as [ChartValues, string][]) {
        assert.deepEqual(only(values), {
          id: "chart-value-null",
          path,
          fix: "remove the key to get the chart's own, or write {}",
        });
      }
    });

    it("does not show what may be a key", () => {
      const text = JSON.stringify(
        checkValues({ hubble: { tls: { server: { kee: "hidden" } }, ui: 5 } }, VERSION),
      );
      assert.match(text, /kee/);
      const secret = checkValues({ tls: { ca: { privateKey: "c2VjcmV0" } } }, VERSION);
      assert.equal(secret.length, 1);
      assert.doesNotMatch(JSON.stringify(secret), /c2VjcmV0/);
    });
  });

  describe("a chart on this machine", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), "chart-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    it("is asked itself", () => {
      const keys = chartKeysFor(path.resolve(__dirname, "../../../lab/charts/cilium"), VERSION);
      assert.deepEqual(checkValues({ operator: { replicas: 2 } }, VERSION, keys), []);
      const [problem] = checkValues({ operator: { replica: 2 } }, VERSION, keys);
      assert.equal(problem?.fix, "did you mean operator.replicas?");
      // It has no schema: Cilium's own types hold.
      assert.equal(checkValues({ operator: { replicas: "2" } }, VERSION, keys).length, 1);
    });

    it("is read from an archive", async () => {
      const tar = pack();
      tar.entry({ name: "cilium/values.yaml" }, "ours:\n  enabled: true\n");
      tar.entry({ name: "cilium/templates/a.yaml" }, "a: {{ .Values.hidden.key }}\n");
      tar.finalize();
      const chunks: Buffer[] = [];
      for await (const chunk of tar) chunks.push(chunk as Buffer);
      const archive = path.join(folder, "cilium-1.20.0.tgz");
      writeFileSync(archive, gzipSync(Buffer.concat(chunks)));
      const keys = chartKeysFor(archive, VERSION);
      assert.deepEqual(keys, {
        global: "object",
        hidden: { key: "any" },
        ours: { enabled: "any" },
      });
    });

    it("is refused where it is none", () => {
      assert.throws(
        () => chartKeysFor(folder, VERSION),
        /is no Helm chart: it has no values\.yaml/,
      );
    });

    it("is not looked for under a name or a reference", () => {
      const own = chartKeysFor("cilium", VERSION);
      assert.deepEqual(chartKeysFor("oci://quay.io/cilium/charts/cilium", VERSION), own);
    });
  });

  describe("recorded charts", () => {
    before(requireSharedData);
    const versions = ["1.17.18", "1.18.12", "1.19.6", "1.20.0"];
    const read = (version: string, file: string) =>
      readFileSync(sharedData("cilium", version, file), "utf8");

    for (const version of versions) {
      it(`takes every value set that ${version} rendered, and refuses those that it did not`, () => {
        const cases = JSON.parse(read(version, "rendered.json")) as Record<
          string,
          { values: ChartValues; error?: string }
        >;
        for (const [name, { values, error }] of Object.entries(cases)) {
          const problems = checkValues(values, version);
          assert.equal(
            problems.length > 0,
            error !== undefined,
            `${name} ${JSON.stringify(problems)}`,
          );
        }
      });

      it(`takes the defaults of ${version}, with every key`, () => {
        assert.deepEqual(
          checkValues(parse(read(version, "values.yaml")) as ChartValues, version),
          [],
        );
      });

      it(`calls no key removed that ${version} has`, () => {
        const values = parse(read(version, "values.yaml")) as ChartValues;
        for (const { path: key, since } of removedKeys) {
          if (Number(version.split(".")[1]) < Number(since.split(".")[1])) continue;
          const found = key
            .split(".")
            .reduce<unknown>((at, part) => (at as ChartValues | undefined)?.[part], values);
          assert.equal(found, undefined, key);
        }
      });
    }

    it("has an index for each recorded chart", () => {
      for (const version of versions) {
        const minor = version.split(".").slice(0, 2).join(".");
        assert.ok(
          existsSync(path.resolve(__dirname, `../../../components/values/keys/${minor}.json`)),
        );
      }
    });
  });
});
