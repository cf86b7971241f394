import assert from "node:assert/strict";
import { Metadata, status } from "@grpc/grpc-js";
import { type Route, routeOf } from "../../../lab/nodes/routing";
import type { RpcError } from "../../../lab/nodes/rpcError";

describe("where apid sends a call (rules of Talos 1.13; forwarding itself is tried over the wire)", () => {
  const route = (
    headers: Record<string, string[]>,
    options: { forwards?: boolean; oneToMany?: boolean } = {},
  ): Route => {
    const metadata = new Metadata();
    for (const [name, values] of Object.entries(headers)) {
      values.forEach((value) => metadata.add(name, value));
    }
    return routeOf(metadata, {
      forwards: options.forwards ?? true,
      oneToMany: options.oneToMany ?? true,
      isLocalTarget: (target) => target === "10.0.0.1",
      fullMethodName: "/machine.MachineService/Version",
    });
  };
  const refusal = (code: number) => (error: unknown) => (error as RpcError).code === code;

  it("stays without headers, and when another apid sent it", () => {
    assert.deepEqual(route({}), { kind: "local" });
    assert.deepEqual(route({ node: ["10.0.0.2"], proxyfrom: ["x"] }), { kind: "local" });
  });

  it("goes to one or to many", () => {
    assert.deepEqual(route({ node: ["10.0.0.2"] }), { kind: "one", target: "10.0.0.2" });
    assert.deepEqual(route({ nodes: ["10.0.0.1", "10.0.0.2"] }), {
      kind: "many",
      targets: ["10.0.0.1", "10.0.0.2"],
    });
    assert.deepEqual(route({ nodes: ["10.0.0.1, fd00::2"] }), {
      kind: "many",
      targets: ["10.0.0.1", "fd00::2"],
    });
  });

  it("does not leave a worker", () => {
    const worker = { forwards: false };
    assert.deepEqual(route({ node: ["10.0.0.1"] }, worker), { kind: "local" });
    assert.deepEqual(route({ nodes: ["10.0.0.1"] }, worker), { kind: "local" });
    const { PERMISSION_DENIED } = status;
    assert.throws(() => route({ node: ["10.0.0.2"] }, worker), refusal(PERMISSION_DENIED));
    const two = { nodes: ["10.0.0.1", "10.0.0.2"] };
    assert.throws(() => route(two, worker), refusal(PERMISSION_DENIED));
  });

  it("refuses what cannot be routed", () => {
    const { INVALID_ARGUMENT, INTERNAL } = status;
    assert.throws(() => route({ node: ["10.0.0.1", "10.0.0.2"] }), refusal(INVALID_ARGUMENT));
    assert.throws(
      () => route({ nodes: ["10.0.0.2"] }, { oneToMany: false }),
      refusal(INVALID_ARGUMENT),
    );
    for (const target of ["10.0.0.2:50000", "[fd00::2]:50000"]) {
      assert.throws(() => route({ node: [target] }), refusal(INTERNAL), target);
    }
  });
});
