import assert from "node:assert/strict";

import { apiServerWarnings } from "../../../components/cilium/apiServerWarnings";
import { apiServer, releaseValues } from "../../../components/cilium/releaseValues";
import { parseCiliumSpec } from "../../../components/spec";

const kubePrism = { enabled: true, port: 7445 };
const without = { enabled: false, port: 7445 };

describe("where agents reach the API server (not that they do)", () => {
  const cases: [string, Parameters<typeof apiServer>[0], string, number][] = [
    ["KubePrism", { kubePrism, clusterEndpoint: "https://10.5.0.11:6443" }, "127.0.0.1", 7445],
    [
      "its port",
      { kubePrism: { enabled: true, port: 7000 }, clusterEndpoint: "" },
      "127.0.0.1",
      7000,
    ],
    [
      "the endpoint without KubePrism",
      { kubePrism: without, clusterEndpoint: "https://api.example.org:6443" },
      "api.example.org",
      6443,
    ],
    [
      "an endpoint of IPv6",
      { kubePrism: without, clusterEndpoint: "https://[fd00:5::11]:6443" },
      "fd00:5::11",
      6443,
    ],
    [
      "an endpoint with HTTPS's own port",
      { kubePrism: without, clusterEndpoint: "https://api.example.org" },
      "api.example.org",
      443,
    ],
  ];
  for (const [name, spec, k8sServiceHost, k8sServicePort] of cases) {
    it(`is ${name}`, () => {
      assert.deepEqual(apiServer(spec), { k8sServiceHost, k8sServicePort });
    });
  }

  it("reaches the chart, and is asked for where the replacement has none", () => {
    const { spec } = parseCiliumSpec({ version: "1.20.0" });
    const told = releaseValues(spec!, { k8sServiceHost: "api.example.org", k8sServicePort: 6443 });
    assert.equal(told.values["k8sServiceHost"], "api.example.org");
    assert.equal(told.values["k8sServicePort"], 6443);
    assert.deepEqual(told.warnings, []);
    assert.deepEqual(
      releaseValues(spec!, {}).warnings.map(({ id }) => id),
      ["no-api-server"],
    );
  });

  it("is asked for by no values that say it otherwise, or that keep kube-proxy", () => {
    for (const values of [
      { kubeProxyReplacement: false },
      { kubeProxyReplacement: true, k8sServiceHost: "api" },
      { kubeProxyReplacement: "true", k8sServiceHostRef: { name: "api", key: "host" } },
      { kubeProxyReplacement: true, k8s: { apiServerURLs: "https://a:6443 https://b:6443" } },
    ]) {
      assert.deepEqual(apiServerWarnings(values), []);
    }
  });
});
