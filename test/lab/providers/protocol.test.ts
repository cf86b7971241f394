import assert from "node:assert/strict";

import { status } from "@grpc/grpc-js";

import {
  InitializationFailedError,
  ProviderError,
  Secret,
  serveProvider,
  UNKNOWN,
  Unknown,
  type CallContext,
  type PropertyMap,
  type ProviderImplementation,
  type ProviderServer,
} from "../../../lab/providers/protocol";
import { FakeEngine } from "../../support/fakeEngine";
import { ProviderWire } from "../../support/providerWire";
import { resource, secretOnWire, UNKNOWN_ON_WIRE } from "../../support/talosProvider";

interface Instance {
  configuration?: PropertyMap;
}

/** A provider whose `Create` gives its inputs back, or what they ask for. */
class EchoProvider implements ProviderImplementation<Instance> {
  readonly version = "1.2.3";
  readonly handshakeMessage = "not here";
  created: PropertyMap = {};
  waiting: CallContext | undefined;

  createInstance = (): Instance => ({});
  checkConfig = unexpected;
  diffConfig = unexpected;
  check = unexpected;
  diff = unexpected;
  read = unexpected;
  update = unexpected;
  delete = unexpected;
  configure: ProviderImplementation<Instance>["configure"] = (request, instance) => {
    instance.configuration = request.args;
    return Promise.resolve({ acceptSecrets: true });
  };
  invoke: ProviderImplementation<Instance>["invoke"] = (_request, instance) =>
    Promise.resolve({ result: instance.configuration ?? {} });
  create: ProviderImplementation<Instance>["create"] = async (request, _instance, context) => {
    this.created = request.properties;
    switch (request.properties["do"]) {
      case "fail":
        throw new ProviderError("no", status.ALREADY_EXISTS);
      case "stay":
        throw new InitializationFailedError("not live", {
          id: "x",
          properties: { a: new Secret("b") },
          reasons: ["because"],
        });
      case "wait":
        this.waiting = context;
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
        throw new Error("interrupted");
      default:
        await context.log("info", "made", request.urn);
        return { id: "x", properties: request.properties };
    }
  };
}

function unexpected(): never {
  throw new Error("not part of this test");
}

describe("the provider protocol over gRPC (the engine's side is played)", () => {
  const RESOURCE = resource("test:index:Thing");
  let provider: EchoProvider;
  let server: ProviderServer;
  let wire: ProviderWire;

  beforeEach(async () => {
    provider = new EchoProvider();
    server = await serveProvider(provider);
    wire = new ProviderWire(server.port);
  });
  afterEach(async () => {
    wire.close();
    await server.stop();
  });

  const create = (properties: object) => wire.call("Create", { ...RESOURCE, properties });

  it("keeps unknowns, secrets and nulls on their way in and out", async () => {
    const properties = {
      unknown: UNKNOWN_ON_WIRE,
      anyUnknown: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      secret: secretOnWire({ inner: [secretOnWire(1), null, true] }),
      nothing: null,
      list: [],
      text: "",
    };
    const { response } = await create(properties);
    assert.deepEqual(response?.["properties"], { ...properties, anyUnknown: UNKNOWN_ON_WIRE });
    assert.ok(provider.created["anyUnknown"] instanceof Unknown);
    assert.equal(provider.created["unknown"], UNKNOWN);
    assert.ok(provider.created["secret"] instanceof Secret);
    assert.equal(provider.created["nothing"], null);
  });

  it("takes and gives larger messages than gRPC's default of 4 MiB", async () => {
    const text = "x".repeat(4 * 1024 * 1024);
    const { response, error } = await create({ text });
    assert.equal(error, undefined);
    assert.ok((response!["properties"] as PropertyMap)["text"] === text);
  });

  it("keeps one configuration a connection", async () => {
    const other = new ProviderWire(server.port);
    await wire.call("Configure", { args: { cluster: "one" } });
    await other.call("Configure", { args: { cluster: "two" } });
    const invoke = { tok: "test:index:f", args: {} };
    assert.deepEqual((await wire.call("Invoke", invoke)).response?.["return"], { cluster: "one" });
    assert.deepEqual((await other.call("Invoke", invoke)).response?.["return"], {
      cluster: "two",
    });
    other.close();
  });

  it("fails with the error's text, and with what exists already", async () => {
    assert.equal((await create({ do: "fail" })).error, "no");
    const { error, failed } = await create({ do: "stay" });
    assert.equal(error, "not live");
    assert.deepEqual(failed, {
      id: "x",
      properties: { a: secretOnWire("b") },
      reasons: ["because"],
    });
  });

  it("logs to the engine that attached, and loses what cannot be told", async () => {
    assert.equal((await create({})).error, undefined);
    const engine = await FakeEngine.start();
    await wire.call("Attach", { address: engine.address });
    await create({});
    assert.deepEqual(engine.messages, [{ severity: "INFO", message: "made", urn: RESOURCE.urn }]);
    engine.stop();
    assert.equal((await create({})).error, undefined);
  });

  it("aborts what runs when the engine cancels, and only on that connection", async () => {
    const other = new ProviderWire(server.port);
    const waiting = create({ do: "wait" });
    while (provider.waiting === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await other.call("Cancel", {});
    assert.equal(provider.waiting.signal.aborted, false);
    await wire.call("Cancel", {});
    assert.equal((await waiting).error, "interrupted");
    other.close();
  });

  it("answers the first calls as a real provider of that version", async () => {
    assert.equal((await wire.call("Handshake", {})).error, "not here");
    assert.deepEqual((await wire.call("GetPluginInfo", {})).response, { version: "1.2.3" });
  });
});
