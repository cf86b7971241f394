import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse, stringify } from "yaml";

import { ciMatrix } from "../../examples/fleet/ciMatrix";
import { fleetStack, type Fleet } from "../../examples/fleet/fleetStack";
import { readEnvironments, writeFleet } from "../../examples/fleet/writeFleet";
import { requireLabBinaries, startApiServer, type ApiServer } from "../support/apiServer";
import { requireSharedData, sharedData } from "../support/sharedData";

const EXAMPLE = path.resolve(__dirname, "..", "..", "examples", "fleet");
const read = (...names: string[]) => readFileSync(path.join(...names), "utf8");
const fleet = parse(read(EXAMPLE, "fleet.yaml")) as Fleet;

type Spec = Record<string, unknown>;
const specOf = (stack: object) => (stack as { spec: Spec }).spec;

describe("a fleet of operator Stacks (no operator runs them here)", function () {
  this.timeout(60_000);
  let folder: string;
  let environments: string;
  let stacks: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "fleet-"));
    [environments, stacks] = [path.join(folder, "environments"), path.join(folder, "stacks")];
    mkdirSync(environments);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** One machine on an address of its own. */
  function writeEnvironment(index: number, changes: Spec = {}): void {
    const ipAddress = `10.${index >> 8}.${index & 255}.10`;
    const cluster = {
      clusterName: `site-${index}`,
      clusterEndpoint: `https://${ipAddress}:6443`,
      talosVersion: "v1.13.0",
      configContract: "v1.13",
      kubernetesVersion: "1.36.3",
      allowSchedulingOnControlPlanes: true,
      podSubnets: ["172.16.0.0/16"],
      serviceSubnets: ["172.17.0.0/16"],
      nodes: [
        { hostname: "cp-1", ipAddress, machineType: "controlplane", installDisk: "/dev/sda" },
      ],
      cilium: { version: "1.20.0" },
      ...changes,
    };
    const config = { "talos-cilium:cluster": cluster };
    writeFileSync(path.join(environments, `Pulumi.site-${index}.yaml`), stringify({ config }));
  }

  it("is generated as it is checked in", () => {
    writeFleet(fleet, path.join(EXAMPLE, "environments"), stacks);
    const texts = (where: string) => readdirSync(where).map((file) => [file, read(where, file)]);
    assert.deepEqual(texts(path.join(EXAMPLE, "stacks")), texts(stacks));
  });

  it("previews what is under review, from its branch, and updates the rest at one commit", () => {
    const [berlin, lab] = readEnvironments(path.join(EXAMPLE, "environments")).map((each) =>
      specOf(fleetStack(each, fleet)),
    );
    const of = (spec: Spec) => [spec["preview"], spec["branch"], spec["commit"]];
    assert.deepEqual(of(lab!), [true, "refs/heads/lab-third-node", undefined]);
    assert.deepEqual(of(berlin!), [undefined, undefined, fleet.commit]);
  });

  it("takes what is encrypted from a Secret and leaves it out of the configuration", () => {
    const config = { "p:token": { secure: "v1:abc" }, "p:cluster": { clusterName: "x" } };
    const spec = specOf(fleetStack({ name: "x", config }, fleet));
    assert.deepEqual(spec["config"], { "p:cluster": { clusterName: "x" } });
    const secret = { name: "x-config", key: "token" };
    assert.deepEqual(spec["secretsRef"], { "p:token": { type: "Secret", secret } });
  });

  it("looks for drift at times that are spread out and stay", () => {
    const seconds = Array.from({ length: 500 }, (_, index) => {
      const stack = fleetStack({ name: `site-${index}`, config: {} }, fleet);
      return specOf(stack)["resyncFrequencySeconds"] as number;
    });
    assert.ok(Math.min(...seconds) >= fleet.driftSeconds);
    assert.ok(Math.max(...seconds) < fleet.driftSeconds * 1.1);
    assert.ok(new Set(seconds).size > 400);
  });

  it("generates 500 in seconds, and writes only the changed one the next time", () => {
    for (let index = 0; index < 500; index++) writeEnvironment(index);
    const { user } = process.cpuUsage();
    assert.equal(writeFleet(fleet, environments, stacks).written.length, 500);
    const seconds = (process.cpuUsage().user - user) / 1e6;
    assert.ok(seconds < 10, `${seconds} s of processor time`);

    const times = () =>
      readdirSync(stacks).map((file) => statSync(path.join(stacks, file)).mtimeMs);
    const before = times();
    assert.equal(writeFleet(fleet, environments, stacks).unchanged.length, 500);
    assert.deepEqual(times(), before);

    writeEnvironment(7, { kubernetesVersion: "1.36.2" });
    rmSync(path.join(environments, "Pulumi.site-8.yaml"));
    const { written, removed, unchanged } = writeFleet(fleet, environments, stacks);
    assert.deepEqual([written, removed, unchanged.length], [["site-7"], ["site-8"], 498]);
  });

  it("writes nothing where an environment has a problem, and names it", () => {
    writeEnvironment(1);
    writeEnvironment(2, { kubernetesVersion: "latest" });
    assert.throws(
      () => writeFleet(fleet, environments, stacks),
      /^Error: site-2: kubernetesVersion /,
    );
    assert.throws(() => readdirSync(stacks), /ENOENT/);
  });

  describe("CI matrix", () => {
    const all = Array.from({ length: 500 }, (_, index) => `e${index}`);
    const cases: [string, string[], string[]][] = [
      ["a changed stack file runs its environment", ["envs/Pulumi.e3.yaml"], ["e3"]],
      [
        "documentation runs none",
        ["README.md", "docs/fleet.md", ".github/workflows/fleet.yml"],
        [],
      ],
      ["a stack file that is gone runs none", ["envs/Pulumi.gone.yaml"], []],
    ];
    for (const [what, changed, expected] of cases) {
      it(what, () => {
        assert.deepEqual(
          ciMatrix(changed, all).map((job) => job.environments),
          expected,
        );
      });
    }

    it("a changed program runs every environment once, in no more jobs than a matrix takes", () => {
      const jobs = ciMatrix(["index.ts"], all);
      assert.equal(jobs.length, 256);
      const ran = jobs.flatMap((job) => job.environments.split(" "));
      assert.deepEqual(ran.sort(), [...all].sort());
    });
  });

  describe("on an API server with the operator's definitions", () => {
    let server: ApiServer | undefined;
    const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/stacks.pulumi.com";
    const validated = "fieldManager=test&fieldValidation=Strict";

    before(function () {
      requireSharedData.call(this);
      requireLabBinaries.call(this, "etcd", "kube-apiserver", "kube-controller-manager");
    });
    before(async () => {
      server = await startApiServer();
      const crd = parse(read(sharedData("crds", "pulumi", "pulumi.com_stacks.yaml"))) as object;
      assert.equal(
        (await server.request("PATCH", `${definition}?fieldManager=test`, crd)).status,
        201,
      );
      const namespace = { metadata: { name: fleet.namespace } };
      await server.request("POST", "/api/v1/namespaces", namespace);
      const items = `/apis/pulumi.com/v1/namespaces/${fleet.namespace}/stacks`;
      while ((await server.request("GET", items)).status !== 200);
    });
    after(() => server?.stop());

    const apply = (stack: { metadata: { name: string } }) => {
      const url = `/apis/pulumi.com/v1/namespaces/${fleet.namespace}/stacks/${stack.metadata.name}`;
      return server!.request("PATCH", `${url}?${validated}`, stack);
    };
    const checkedIn = (name: string) =>
      parse(read(EXAMPLE, "stacks", `${name}.yaml`)) as { metadata: { name: string }; spec: Spec };

    for (const file of readdirSync(path.join(EXAMPLE, "stacks"))) {
      it(`${file} is taken, field by field, and a second time changes nothing`, async () => {
        const stack = checkedIn(path.basename(file, ".yaml"));
        const { status, body } = await apply(stack);
        assert.equal(status, 201, JSON.stringify(body["message"]));
        assert.deepEqual(body["spec"], stack.spec);
        const version = (of: Spec) => (of["metadata"] as Spec)["resourceVersion"];
        assert.equal(version((await apply(stack)).body), version(body));
      });
    }

    it("refuses a field that the operator does not know, so that the check above counts", async () => {
      const stack = checkedIn("oslo");
      const template = stack.spec["workspaceTemplate"] as { spec: Spec };
      for (const spec of [
        { ...stack.spec, resyncFrequency: 60 },
        { ...stack.spec, workspaceTemplate: { spec: { ...template.spec, serviceAccount: "x" } } },
      ]) {
        const { status, body } = await apply({ ...stack, spec } as typeof stack);
        assert.ok(status >= 400, `taken with ${status}`);
        assert.match(String(body["message"]), /field not declared in schema|unknown field/);
      }
    });
  });
});
