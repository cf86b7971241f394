import assert from "node:assert/strict";

import {
  type ComparedObject,
  type LiveObject,
  staleObjectFaults,
} from "../../../components/gates/staleObjects";

const CURE = "talosctl upgrade-k8s --to 1.36.3";

const operator = (content: object = {}, metadata: object = {}): LiveObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    ...{ name: "cilium-operator", namespace: "kube-system", resourceVersion: "7" },
    ...metadata,
  },
  spec: { replicas: 2, template: { spec: { containers: [{ name: "operator", args: ["a"] }] } } },
  ...content,
});

function faults(objects: Partial<ComparedObject>[], left: string[] = []): string[] {
  const compared = objects.map((object) => ({
    name: "Deployment kube-system/cilium-operator",
    live: operator(),
    applied: operator(),
    ...object,
  }));
  return staleObjectFaults(compared, left, CURE);
}

describe("staleObjectFaults (what is made of the answers, not that the API server gives them)", () => {
  const scaled = { managedFields: [{ subresource: "status" }, { subresource: "scale" }] };
  const noted = {
    resourceVersion: "9",
    annotations: { "config.k8s.io/owning-inventory": "talos-bootstrap-manifests-inventory" },
  };
  const webhook = (caBundle: string | undefined, url = "https://a") => ({
    webhooks: [{ name: "a", clientConfig: { url, ...(caBundle && { caBundle }) } }],
  });
  const silent: [string, Partial<ComparedObject>][] = [
    ["the same object", {}],
    [
      "a number of pods that an autoscaler set",
      {
        live: operator({ spec: { replicas: 5 } }, scaled),
        applied: operator({ spec: { replicas: 2 } }),
      },
    ],
    [
      "what the API server and controllers note",
      {
        live: operator({ status: { readyReplicas: 1 } }, { ...noted, generation: 3 }),
        applied: operator({ status: {} }, { generation: 4 }),
      },
    ],
    [
      "what Pulumi noted when it applied them one by one",
      {
        live: operator({}, { annotations: { "pulumi.com/patchFieldManager": "talos-cilium" } }),
        applied: operator({}, { annotations: {} }),
      },
    ],
    [
      "a certificate that a controller put in",
      {
        live: operator(webhook("LS0t")),
        applied: operator(webhook(undefined)),
      },
    ],
    ["a kind that is not served", { live: undefined, applied: "unknown" }],
  ];
  for (const [what, object] of silent) {
    it(`is silent about ${what}`, () => assert.deepEqual(faults([object]), []));
  }

  const replicas = { spec: { replicas: 1 } };
  const changed =
    /^objects of Cilium are not as .* \(1\): Deployment kube-system\/cilium-operator in /;
  const loud: [string, Partial<ComparedObject>, RegExp, RegExp][] = [
    [
      "another number of pods",
      { live: operator(replicas), applied: operator({ spec: { replicas: 2 } }) },
      changed,
      / in spec\.replicas; .*`talosctl upgrade-k8s --to 1\.36\.3`$/,
    ],
    [
      "other content beside a number that an autoscaler set",
      {
        live: operator({ spec: { replicas: 5, paused: true } }, scaled),
        applied: operator({ spec: { replicas: 2 } }),
      },
      changed,
      / in spec\.paused; /,
    ],
    [
      "another argument",
      {
        applied: operator({
          spec: {
            replicas: 2,
            template: { spec: { containers: [{ name: "operator", args: ["b"] }] } },
          },
        }),
      },
      changed,
      / in spec\.template\.spec\.containers\.0\.args\.0; /,
    ],
    [
      "a longer list",
      { live: operator({ rules: [] }), applied: operator({ rules: [{}] }) },
      changed,
      / in rules\.0; /,
    ],
    ["a field that goes", { live: operator({ rules: [] }) }, changed, / in rules; /],
    [
      "another label",
      { live: operator({}, { labels: { a: "b" } }) },
      changed,
      / in metadata\.labels\.a; /,
    ],
    ["an object that lost Helm's label", { live: undefined }, changed, / in metadata\.labels; /],
    [
      "other content beside an injected certificate",
      {
        live: operator(webhook("LS0t", "https://b")),
        applied: operator(webhook(undefined)),
      },
      changed,
      / in webhooks\.0\.clientConfig\.url; /,
    ],
    [
      "an object that is not there",
      {
        live: undefined,
        applied: operator({}, { resourceVersion: undefined }),
      },
      /in the machine configuration only \(1\): Deployment/,
      /`talosctl upgrade-k8s --to 1\.36\.3`$/,
    ],
    [
      "an object that the API server would not make",
      { live: undefined, applied: "refused" },
      /only \(1\)/,
      /./,
    ],
    [
      "a field that cannot change",
      { applied: "refused" },
      /^objects of Cilium cannot become/,
      /--to 1\.36\.3 --manifests-force`/,
    ],
  ];
  for (const [what, object, line, detail] of loud) {
    it(`names ${what}`, () => {
      const [fault, ...more] = faults([object]);
      assert.deepEqual(more, []);
      assert.match(fault!, line);
      assert.match(fault!, detail);
    });
  }

  it("names what is left, and how not to keep it", () => {
    const [fault] = faults([{}], ["Deployment kube-system/hubble-relay"]);
    assert.match(
      fault!,
      /no longer in .* \(1\): Deployment kube-system\/hubble-relay; run `talosctl/,
    );
    assert.match(fault!, /without --manifests-no-prune/);
  });

  it("names five of many, and how many there are", () => {
    const names = ["a", "b", "c", "d", "e", "f"].map((name) => `ClusterRole ${name}`);
    const [fault] = faults([], names);
    assert.match(fault!, /\(6\): ClusterRole a, .*ClusterRole e, …; /);
  });
});
