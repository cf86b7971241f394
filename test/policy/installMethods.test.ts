import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterSpecInput } from "../../components";
import { isRendered } from "../../components/spec";
import { policies } from "../../policy/policies";
import { ciliumCLI } from "../support/ciliumCLI";
import { clusterMocks } from "../support/clusterMocks";
import { guides } from "../support/guides";
import { withGatewayAPICache } from "../support/gatewayAPICache";
import { useLabHelm } from "../support/labHelm";
import { type Registration, recordResources, revealed } from "../support/mocks";

type Cilium = ClusterSpecInput["cilium"];

const CHART = path.resolve(__dirname, "../../lab/charts/cilium");
const HOSTED = { url: "http://127.0.0.1:1/cilium.yaml" };
const CLI = { version: "0.19.7" };

/** Everything below a secret's wrapper, as a policy gets it. */
const props = (value: unknown): unknown => {
  const plain = revealed(value);
  if (Array.isArray(plain)) return plain.map(props);
  if (typeof plain !== "object" || plain === null) return plain;
  return Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, props(each)]));
};

/** What the policies that look at one resource at a time say of it. */
async function violations({ type, name, inputs }: Registration, stack: string): Promise<string[]> {
  const found: string[] = [];
  const args = {
    ...{ type, name, props: props(inputs), stackTags: new Map(), getConfig: () => ({}) },
    urn: `urn:pulumi:${stack}::talos-cilium::${type}::${name}`,
  } as unknown as ResourceValidationArgs;
  for (const policy of policies as ResourceValidationPolicy[]) {
    for (const validate of [policy.validateResource ?? []].flat()) {
      await validate(args, (message) =>
        found.push(`${policy.name} ${message.split("\n")[0]!.replace(`${name}: `, "")}`),
      );
    }
  }
  return found;
}

async function cluster(cilium: Cilium, stack: string, spec: Partial<ClusterSpecInput> = {}) {
  const recorder = await recordResources({ ...clusterMocks, preview: true });
  const { TalosCluster } = await import("../../components");
  const cp = { hostname: "cp-1", ipAddress: "192.0.2.2", machineType: "controlplane" as const };
  new TalosCluster("net", {
    spec: {
      clusterName: "home",
      clusterEndpoint: "https://192.0.2.2:6443",
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      allowSchedulingOnControlPlanes: true,
      nodes: [{ ...cp, installDisk: "/dev/sda" }],
      cilium,
      ...spec,
    },
  });
  await pulumi.runtime.disconnect();
  return (await Promise.all(recorder.registrations.map((each) => violations(each, stack)))).flat();
}

describe("policies, by how Cilium is installed (under mocks; the engine's part is in engine.test.ts)", function () {
  this.timeout(60_000);
  withGatewayAPICache();
  useLabHelm();
  let dir = "";
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "policy-methods-"))));
  after(() => dir && rmSync(dir, { recursive: true, force: true }));

  const methods: [method: Partial<Cilium>, traffic: string, ui: string | undefined][] = [
    [{}, "values.encryption", "values.hubble.ui.service.type"],
    [{ installMethod: "manifests" }, "data", "spec.type"],
    [
      { installMethod: "inline" },
      "configPatches[#].cluster.inlineManifests[0].contents.data",
      "configPatches[#].cluster.inlineManifests[0].contents.spec.type",
    ],
    [
      { installMethod: "job", cli: CLI, chart: "cilium" },
      "configPatches[#].cluster.inlineManifests[0].contents.data.values.yaml.encryption",
      "configPatches[#].cluster.inlineManifests[0].contents.data.values.yaml.hubble.ui.service.type",
    ],
    [{ installMethod: "hosted", hosted: HOSTED }, "input.encryption", undefined],
    [
      { installMethod: "cli", cli: CLI },
      "input.values.encryption",
      "input.values.hubble.ui.service.type",
    ],
    [{ managedBy: "flux", chart: "cilium" }, "input.encryption", undefined],
  ];
  const open = { hubble: { relay: true, ui: true, uiAccess: { loadBalancer: {} } } };
  const encryption = { encryption: { type: "wireguard" as const } };

  for (const [method, traffic, ui] of methods) {
    const { installMethod, managedBy } = method;
    const ciliumWith = (more: Partial<Cilium>): Cilium => ({
      ...{ version: "1.20.0", chart: CHART, ...method, ...more },
      ...(installMethod === "cli" && { cli: { version: ciliumCLI().version } }),
      ...(method.hosted && { hosted: { ...HOSTED, file: path.join(dir, "cilium.yaml") } }),
    });
    const found = async (more: Partial<Cilium>, stack: string) =>
      (await cluster(ciliumWith(more), stack))
        .filter((each) => !each.startsWith("prod-disks-encrypted"))
        .map((each) => each.replace(/configPatches\[\d+\]/, "configPatches[#]"));

    describe(managedBy ?? installMethod ?? "release", () => {
      it("asks for encryption in prod, and is content with it", async () => {
        assert.deepEqual(await found({}, "prod"), [`prod-traffic-encrypted ${traffic}`]);
        assert.deepEqual(await found(encryption, "prod"), []);
        assert.deepEqual(await found({}, "home"), []);
      });

      const what = ui
        ? "sees Hubble UI without a login"
        : "does not see Hubble UI, as the page says";
      it(what, async () =>
        assert.deepEqual(await found(open, "home"), ui ? [`hubble-ui-authenticated ${ui}`] : []),
      );
    });
  }

  it("pass the stack files of the guides, but for the UI that asks nobody for a login", async () => {
    const found = new Map<string, string[]>();
    for (const { name, spec } of guides()) {
      const { cilium, ...rest } = spec;
      const { installMethod = "release", hosted } = cilium;
      const local = {
        ...(isRendered(installMethod) && { chart: CHART }),
        ...(hosted && { hosted: { ...HOSTED, file: path.join(dir, "cilium.yaml") } }),
      };
      found.set(name, await cluster({ ...cilium, ...local }, "home", rest));
    }
    assert(found.size > 50);
    assert.deepEqual(
      [...found].filter(([, each]) => each.length > 0),
      [["from-flannel/hubble-ui", ["hubble-ui-authenticated spec.rules[0].backendRefs[0].name"]]],
    );
  });
});
