import assert from "node:assert/strict";

import {
  type Manifest,
  defaultDenyPolicy,
  fqdnPolicy,
  gateway,
  grpcRoute,
  httpPolicy,
  httpRoute,
  networkPolicy,
  tlsRoute,
} from "../../../components";
import { ciliumObjects } from "../../../components/cilium/objects";
import { parseCiliumSpec } from "../../../components/spec";
import { schemaFaults } from "../../support/crdSchemas";
import { requireSharedData } from "../../support/sharedData";

const parentRefs = [{ name: "web" }];
const backendRefs = [{ name: "shop", port: 80 }];
const listeners = { http: { port: 80, protocol: "HTTP" as const } };
const web = { endpointSelector: { matchLabels: { app: "web" } }, ingress: [{}] };

/** Each function, and the features that say the same. */
const same: Readonly<Record<string, { manifest: () => Manifest; features: object }>> = {
  gateway: {
    manifest: () => gateway({ name: "web", listeners }),
    features: { gatewayAPI: { gateways: { web: { listeners } } } },
  },
  httpRoute: {
    manifest: () => httpRoute({ name: "shop", parentRefs, rules: [{ backendRefs }] }),
    features: { gatewayAPI: { httpRoutes: { shop: { parentRefs, rules: [{ backendRefs }] } } } },
  },
  grpcRoute: {
    manifest: () => grpcRoute({ name: "cart", parentRefs, rules: [{ backendRefs }] }),
    features: { gatewayAPI: { grpcRoutes: { cart: { parentRefs, rules: [{ backendRefs }] } } } },
  },
  tlsRoute: {
    manifest: () =>
      tlsRoute({
        name: "mail",
        ciliumVersion: "1.20.0",
        ...{ parentRefs, hostnames: ["mail.example.org"], backendRefs },
      }),
    features: {
      gatewayAPI: {
        tlsRoutes: { mail: { parentRefs, hostnames: ["mail.example.org"], backendRefs } },
      },
    },
  },
  networkPolicy: {
    manifest: () => networkPolicy({ name: "web", namespace: "shop", ...web }),
    features: { networkPolicies: { policies: { web: { namespace: "shop", ...web } } } },
  },
  defaultDenyPolicy: {
    manifest: () => defaultDenyPolicy(),
    features: { networkPolicies: { baseline: {} } },
  },
};

const others: Readonly<Record<string, () => Manifest>> = {
  fqdnPolicy: () => fqdnPolicy({ name: "api", names: ["api.example.org", "*.example.com"] }),
  httpPolicy: () =>
    httpPolicy({
      name: "web",
      namespace: "shop",
      port: "8080",
      requests: [{ method: "GET", path: "/public/.*" }],
    }),
};

describe("manifests for programs of one's own (that they are made, not that Cilium obeys them)", () => {
  for (const [name, { manifest, features }] of Object.entries(same)) {
    it(`${name} is what the spec makes of the same words`, () => {
      const { spec } = parseCiliumSpec({ version: "1.20.0", ...features });
      const [object] = ciliumObjects(spec!);
      assert.deepEqual(manifest(), object!.manifest);
    });
  }

  it("lets pods call hosts by name, and look the names up", () => {
    const { kind, spec } = others["fqdnPolicy"]!();
    assert.equal(kind, "CiliumClusterwideNetworkPolicy");
    const { egress } = spec as { egress: Record<string, unknown>[] };
    assert.deepEqual(egress[0], {
      toFQDNs: [{ matchName: "api.example.org" }, { matchPattern: "*.example.com" }],
      toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
    });
    assert.match(JSON.stringify(egress[1]), /"dns":\[\{"matchPattern":"\*"\}\]/);
  });

  it("lets requests of HTTP through, from any pod of the namespace unless some are named", () => {
    const { kind, spec } = others["httpPolicy"]!();
    assert.equal(kind, "CiliumNetworkPolicy");
    assert.deepEqual((spec as { ingress: unknown }).ingress, [
      {
        fromEndpoints: [{}],
        toPorts: [
          {
            ports: [{ port: "8080", protocol: "TCP" }],
            rules: { http: [{ method: "GET", path: "/public/.*" }] },
          },
        ],
      },
    ]);
  });

  it("gives a TLSRoute the version that the Cilium reads", () => {
    const versions = ["1.19.6", "1.20.0"].map(
      (ciliumVersion) =>
        tlsRoute({
          ...{ name: "mail", ciliumVersion, parentRefs, backendRefs },
          hostnames: ["mail.example.org"],
        }).apiVersion,
    );
    assert.deepEqual(versions, [
      "gateway.networking.k8s.io/v1alpha2",
      "gateway.networking.k8s.io/v1",
    ]);
  });

  it("says all that is wrong, by the places in what it was given", () => {
    const wrong = () =>
      httpRoute({ name: "web.shop", parentRefs: [], rules: [{ path: "api", backendRefs }] });
    assert.throws(wrong, (error: Error) => {
      assert.match(error.message, /^httpRoutes web\.shop cannot be made:/);
      assert.match(error.message, /^- parentRefs \[route-empty\]$/m);
      assert.match(error.message, /^- rules\[0\]\.path \[route-rule\]$/m);
      return true;
    });
    assert.throws(
      () => networkPolicy({ name: "web", egress: [{ toFQDNs: [{}] }] }),
      /fqdn-without/,
    );
    assert.throws(() => gateway({ name: "web", listener: {} } as never), /did you mean listeners/);
  });

  it("makes no Secret of a certificate, and says so", () => {
    const tls = { certificateFrom: "webCertificate", privateKeyFrom: "webKey" };
    const encrypted = { https: { port: 443, protocol: "HTTPS" as const, tls } };
    assert.throws(() => gateway({ name: "web", listeners: encrypted }), /tls\.secretName/);
  });

  describe("against the recorded CRDs", () => {
    before(requireSharedData);
    // What the others make is asked for the spec, of which they make the same.
    for (const [name, manifest] of Object.entries(others)) {
      it(`is what they take: ${name}`, () => assert.deepEqual(schemaFaults(manifest()), []));
    }
  });
});
