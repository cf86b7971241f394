import assert from "node:assert/strict";

import { stringify } from "yaml";

import { argoCDApplication } from "../../../components/cilium/handOver/argoCD";
import {
  chartSource,
  handOverProblems,
  handOverWarnings,
} from "../../../components/cilium/handOver/chartSource";
import { fluxObjects } from "../../../components/cilium/handOver/flux";
import { takeOverFault } from "../../../components/cilium/handOver/otherManagers";
import { splitSecrets } from "../../../components/cilium/handOver/secretValues";
import { releaseValues } from "../../../components/cilium/releaseValues";
import { manifestText } from "../../../components/cilium/rendering/manifestText";
import { type CiliumSpecInput, parseCiliumSpec } from "../../../components/spec";
import { mergeValues } from "../../../components/values/chartValues";
import { assertGolden } from "../../support/golden";

const SURROUNDINGS = { k8sServiceHost: "127.0.0.1", k8sServicePort: 7445 };

function specOf(cilium: Partial<CiliumSpecInput> = {}) {
  return parseCiliumSpec({ version: "1.20.0", ...cilium }).spec!;
}

describe("hand-over (the objects, not that an engine obeys them)", () => {
  const spec = specOf();
  const registry = specOf({ chart: "oci://registry.example.org/charts/cilium" });
  const { values } = releaseValues(spec, SURROUNDINGS);
  const golden = {
    flux: fluxObjects(spec, values, false, 900),
    "flux-oci": fluxObjects(registry, values, true, 900),
    argocd: [argoCDApplication(spec, values)],
    "argocd-oci": [argoCDApplication(registry, values)],
  };
  for (const [name, objects] of Object.entries(golden)) {
    it(`has the golden objects: ${name}`, () => {
      assertGolden(`handOver/${name}.yaml`, manifestText(objects));
      assert.ok(stringify(objects).includes("hubble-server-certs"));
    });
  }

  it("holds the very values that the release has", () => {
    const [, release] = golden.flux;
    assert.deepEqual((release!["spec"] as { values: unknown }).values, values);
    const { source } = golden.argocd[0]!["spec"] as { source: { helm: { valuesObject: unknown } } };
    assert.deepEqual(source.helm.valuesObject, values);
  });

  it("names the place of the chart, and warns where that is not where it comes from here", () => {
    const place = (cilium: Partial<CiliumSpecInput>) => {
      const handed = specOf({ managedBy: "flux", ...cilium });
      const { url, chart } = chartSource(handed);
      return [url, chart, handOverWarnings(handed).length];
    };
    const repo = "https://charts.example.org/";
    assert.deepEqual(place({}), ["https://helm.cilium.io/", "cilium", 0]);
    assert.deepEqual(place({ chart: "mine", repositoryOpts: { repo } }), [repo, "mine", 0]);
    assert.deepEqual(place({ chart: "oci://r.example.org:5000/a/cilium" }), [
      ...["r.example.org:5000/a", "cilium", 0],
    ]);
    assert.deepEqual(place({ chart: "oci://r.example.org:5000/a/cilium:1.20.0" }), [
      ...["r.example.org:5000/a", "cilium", 0],
    ]);
    for (const chart of ["cilium/cilium", "https://example.org/cilium-1.20.0.tgz"]) {
      assert.deepEqual(place({ chart }), ["https://helm.cilium.io/", "cilium", 1]);
    }
    assert.deepEqual(place({ chart: "./charts/cilium", repositoryOpts: { repo } }), [
      ...[repo, "cilium", 1],
    ]);
    assert.deepEqual(place({ chart: "cilium-1.20.0.tgz" }), [
      ...["https://helm.cilium.io/", "cilium", 1],
    ]);
    assert.deepEqual(handOverWarnings(specOf({ chart: "./charts/cilium" })), []);
  });

  it("refuses what Talos applies itself", () => {
    const ids = (cilium: Partial<CiliumSpecInput>) =>
      handOverProblems(specOf(cilium)).map(({ id }) => id);
    for (const installMethod of ["inline", "job"] as const) {
      assert.deepEqual(ids({ managedBy: "argocd", installMethod }), ["hand-over-machines"]);
    }
    assert.deepEqual(ids({ installMethod: "inline" }), []);
    for (const installMethod of ["release", "manifests", "none"] as const) {
      assert.deepEqual(ids({ managedBy: "flux", installMethod }), []);
    }
  });
});

describe("splitSecrets", () => {
  const PEM = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";

  it("takes out keys, passwords and lists that hold one, and nothing else", () => {
    const values = {
      debug: {},
      tls: { ca: { cert: "aGk=", key: "c2VjcmV0" } },
      hubble: {
        ui: { enabled: true },
        tls: { server: { existingSecret: "hubble-server-certs", key: "" } },
      },
      tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
      extraEnv: [
        { name: "LOG", value: "info" },
        { name: "PROXY_PASSWORD", value: "hunter2" },
      ],
      extraConfig: { something: PEM },
    };
    const { plain, secret } = splitSecrets(values);
    assert.deepEqual(secret, {
      tls: { ca: { key: "c2VjcmV0" } },
      extraEnv: values.extraEnv,
      extraConfig: { something: PEM },
    });
    assert.deepEqual(plain, {
      debug: {},
      tls: { ca: { cert: "aGk=" } },
      hubble: values.hubble,
      tolerations: values.tolerations,
    });
    assert.deepEqual(mergeValues(plain, secret), values);
  });

  it("takes nothing out of values that the program makes itself", () => {
    const cilium = specOf({ hubble: { relay: true, ui: true }, encryption: { type: "ipsec" } });
    const { values } = releaseValues(cilium, SURROUNDINGS);
    assert.deepEqual(splitSecrets(values), { plain: values, secret: {} });
  });
});

describe("takeOverFault", () => {
  const HELM = {
    "meta.helm.sh/release-name": "cilium",
    "meta.helm.sh/release-namespace": "kube-system",
  };
  const agent = (namespace: string, name: string, annotations?: Record<string, string>) => ({
    agents: [{ namespace, name, annotations }],
    helmReleases: [],
    applications: [],
  });
  const ours = agent("kube-system", "cilium", HELM);
  const helmRelease = (spec: object, namespace = "kube-system") => ({
    ...ours,
    helmReleases: [{ metadata: { name: "cilium", namespace }, spec }],
  });
  const application = (spec: object) => ({
    ...ours,
    applications: [
      {
        metadata: { name: "cilium", namespace: "argocd" },
        spec: { destination: { namespace: "kube-system" }, ...spec },
      },
    ],
  });
  const source = { chart: "cilium" };
  const automatic = { automated: {} };

  const taken: Record<string, Parameters<typeof takeOverFault>[0]> = {
    "no Cilium": { ...ours, agents: [] },
    "the release": ours,
    "a suspended HelmRelease": helmRelease({ suspend: true }),
    "a HelmRelease of something else": helmRelease({ releaseName: "other" }),
    "a HelmRelease of another namespace": helmRelease({}, "apps"),
    "an Application that is synced by hand": application({ source }),
    "an Application whose sync is off": application({
      source,
      syncPolicy: { automated: { enabled: false } },
    }),
    "an Application of something else": application({
      source: { chart: "other" },
      syncPolicy: automatic,
    }),
  };
  for (const [name, others] of Object.entries(taken)) {
    it(`lets it be taken over: ${name}`, () =>
      assert.equal(takeOverFault(others, "release"), undefined));
  }

  const refused: Record<string, [Parameters<typeof takeOverFault>[0], RegExp]> = {
    "another namespace": [
      agent("cilium", "cilium", HELM),
      /DaemonSet cilium\/cilium.*only the release cilium in kube-system/,
    ],
    "another release": [
      agent("kube-system", "cilium", { ...HELM, "meta.helm.sh/release-name": "network" }),
      /of release kube-system\/network/,
    ],
    "another name and no release": [agent("kube-system", "cilium-agent"), /of no release/],
    "plain manifests": [
      agent("kube-system", "cilium"),
      /Helm did not install: set installMethod to manifests/,
    ],
    "a HelmRelease": [helmRelease({}), /patch helmrelease cilium --type merge/],
    "a HelmRelease of another namespace that targets ours": [
      helmRelease({ releaseName: "cilium", targetNamespace: "kube-system" }, "flux-system"),
      /HelmRelease flux-system\/cilium/,
    ],
    "an Application": [application({ source, syncPolicy: automatic }), /"finalizers":null/],
    "an Application of more sources": [
      application({ sources: [{ helm: { releaseName: "cilium" } }], syncPolicy: automatic }),
      /Application argocd\/cilium/,
    ],
  };
  for (const [name, [others, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.match(takeOverFault(others, "release") ?? "", message));
  }

  it("takes plain manifests over as manifests, unless somebody is at them", () => {
    const plain = agent("kube-system", "cilium");
    assert.equal(takeOverFault(plain, "manifests"), undefined);
    const synced = application({ source, syncPolicy: automatic });
    assert.match(
      takeOverFault({ ...synced, agents: plain.agents }, "manifests") ?? "",
      /"finalizers":null/,
    );
    assert.match(takeOverFault(agent("cilium", "cilium"), "manifests") ?? "", /cilium\/cilium/);
  });
});
