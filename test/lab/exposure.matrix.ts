import assert from "node:assert/strict";

import type { ClusterSpecInput } from "../../components";
import { forgetResource } from "../support/forgetResource";
import { requireSharedData, sharedData } from "../support/sharedData";
import { requireBinaries, TestLab } from "../support/testLab";

const GATEWAY_API = "gateway.networking.k8s.io";

type Cilium = ClusterSpecInput["cilium"];

/** Everything that shows Services to others, at once. */
const features: Partial<Cilium> = {
  lbIPAM: { pools: { home: { blocks: [{ cidr: "10.5.0.128/26" }] } } },
  l2Announcements: { policies: { home: { interfaces: ["^eth"] } } },
  bgpControlPlane: {
    clusterConfigs: {
      home: {
        bgpInstances: [
          {
            name: "home",
            localASN: 64513,
            peers: [
              { name: "router", peerASN: 64512, peerAddress: "10.5.0.1", peerConfig: "router" },
            ],
          },
        ],
      },
    },
    peerConfigs: { router: { families: [{ afi: "ipv4" }] } },
    advertisements: { services: { advertisements: [{ advertisementType: "Service" }] } },
  },
  ingressController: { loadbalancerMode: "shared" },
  gatewayAPI: {
    crds: sharedData("crds", "gateway-api", "standard-v1.6.1.yaml"),
    enableAlpn: true,
    gateways: {
      web: { addresses: ["10.5.0.130"], listeners: { http: { port: 80, protocol: "HTTP" } } },
    },
    httpRoutes: {
      shop: {
        parentRefs: [{ name: "web" }],
        rules: [{ backendRefs: [{ name: "shop", port: 80 }] }],
      },
    },
  },
};

describe("what shows Services to others, on the lab (no agent runs: that traffic arrives is not proved)", function () {
  this.timeout(300_000);
  let lab: TestLab;

  before(requireSharedData);
  before(requireBinaries);
  before(async () => {
    lab = await TestLab.start({
      controlPlanes: 1,
      workers: 1,
      spec: (spec) => ({ ...spec, cilium: { ...spec.cilium, ...features } }),
    });
  });
  after(async () => lab?.stop());

  const get = async (...args: string[]) => (await lab.kubectl(["get", ...args])).trim();

  it("comes up in one run, with the GatewayClass accepted", async () => {
    await lab.up();
    const accepted = await get(
      "gatewayclass/cilium",
      "-o=jsonpath={.status.conditions[?(@.type=='Accepted')].status}",
    );
    assert.equal(accepted, "True");
  });

  it("brings objects and ConfigMap entries to the API server", async () => {
    const config = JSON.parse(
      await get("-n=kube-system", "configmap/cilium-config", "-o=json"),
    ) as {
      data: Record<string, string>;
    };
    assert.equal(config.data["enable-gateway-api"], "true");
    assert.equal(config.data["enable-bgp-control-plane"], "true");
    assert.equal(config.data["enable-l2-announcements"], "true");
    assert.equal(config.data["k8s-client-qps"], "20");
    assert.equal(config.data["enable-ingress-controller"], "true");
    assert.equal(config.data["ingress-default-lb-mode"], "shared");
    assert.equal(config.data["ingress-shared-lb-service-name"], "cilium-ingress");
    for (const object of [
      "ciliumloadbalancerippools/home",
      "ciliuml2announcementpolicies/home",
      "ciliumbgpclusterconfigs/home",
      "ciliumbgppeerconfigs/router",
      "ciliumbgpadvertisements/services",
      "gateways/web",
      "httproutes/shop",
    ]) {
      assert.match(await get(object, "-o=name"), /home|router|services|web|shop/);
    }
  });

  it("gives the Service that Ingresses share an address, and has a class for them", async () => {
    const controller = await get("ingressclass/cilium", "-o=jsonpath={.spec.controller}");
    assert.equal(controller, "cilium.io/ingress-controller");
    const service = ["-n=kube-system", "service/cilium-ingress"];
    const ports = await get(...service, "-o=jsonpath={.spec.ports[*].port}");
    assert.equal(ports, "80 443");
    const address = await get(...service, "-o=jsonpath={.status.loadBalancer.ingress[0].ip}");
    assert.match(address, /^10\.5\.0\.1\d\d$/);
  });

  it("changes nothing in a second run", async () => {
    const before = await lab.mutatingCalls();
    await lab.up(["--expect-no-changes"]);
    assert.deepEqual(await lab.mutatingCalls(), before);
  });

  it("takes over what a killed run made and could not note down", async () => {
    for (const name of ["talos-home", "talos-default/web", `talos-gateways.${GATEWAY_API}`]) {
      await forgetResource(lab, name);
    }
    await lab.up();
    await lab.up(["--expect-no-changes"]);
  });

  it("takes out of the cluster what leaves the stack file, and leaves the CRDs of others", async () => {
    const { version, chart } = lab.spec.cilium;
    lab.writeStack({ ...lab.spec, cilium: { version, chart } });
    await lab.up();
    assert.equal(await get("ciliumloadbalancerippools", "-o=name"), "");
    assert.match(await get("crd", "-o=name"), /gateways\.gateway\.networking\.k8s\.io/);
  });
});
