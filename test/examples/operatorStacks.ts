import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { fleetStack } from "../../examples/fleet/fleetStack";
import type { Fleet } from "../../examples/fleet/parseFleet";
import type { ProvidedCluster } from "../support/providedCluster";
import { requireSharedData, sharedData } from "../support/sharedData";

const EXAMPLE = path.resolve(__dirname, "..", "..", "examples", "fleet");
const read = (...names: string[]) => readFileSync(path.join(...names), "utf8");
const fleet = parse(read(EXAMPLE, "fleet.yaml")) as Fleet;

type Spec = Record<string, unknown>;

/** The example's Stacks before the operator's own definitions; no operator runs them here. */
export const operatorStackTests = (cluster: ProvidedCluster): void => {
  const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/stacks.pulumi.com";
  const validated = "fieldManager=test&fieldValidation=Strict";

  before(requireSharedData);
  before(async () => {
    const { request } = cluster.api;
    const crd = parse(read(sharedData("crds", "pulumi", "pulumi.com_stacks.yaml"))) as object;
    assert.equal((await request("PATCH", `${definition}?fieldManager=test`, crd)).status, 201);
    const namespace = { metadata: { name: fleet.namespace } };
    await request("POST", "/api/v1/namespaces", namespace);
    const items = `/apis/pulumi.com/v1/namespaces/${fleet.namespace}/stacks`;
    while ((await request("GET", items)).status !== 200);
  });

  const apply = (stack: { metadata: { name: string } }) => {
    const url = `/apis/pulumi.com/v1/namespaces/${fleet.namespace}/stacks/${stack.metadata.name}`;
    return cluster.api.request("PATCH", `${url}?${validated}`, stack);
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

  it("a token of a private repository is taken", async () => {
    const gitToken = { name: "git", key: "token" };
    const stack = fleetStack({ name: "private", config: {} }, { ...fleet, gitToken });
    const { status, body } = await apply(stack as { metadata: { name: string } });
    assert.equal(status, 201, JSON.stringify(body["message"]));
    assert.deepEqual((body["spec"] as Spec)["gitAuth"], {
      accessToken: { type: "Secret", secret: gitToken },
    });
  });

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
};
