import assert from "node:assert/strict";

import type { Machinery } from "../../lab/machinery";
import type { ProviderServer } from "../../lab/providers/protocol";
import { serveTalosProvider } from "../../lab/providers/talos";
import { FakeEngine } from "./fakeEngine";
import { startMachinery } from "./machinery";
import { ProviderWire, type WireAnswer, type WireMethod, type WireRequest } from "./providerWire";

/** Properties as they are on the wire. */
export type Properties = Record<string, unknown>;

/** The wire's unknown value. */
export const UNKNOWN_ON_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The wire's secret. */
export function secretOnWire(value: unknown): Properties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** The same value without the wire's secret marks. */
export function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutMarks);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return "4dabf18193072939515e22adb298388d" in value
    ? withoutMarks((value as unknown as { value: unknown }).value)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMarks(item)]));
}

/** The lab's talos provider at work, attached to an engine that only listens. */
export class TestTalosProvider {
  /** What the provider takes for now. */
  now = new Date();

  private constructor(
    readonly machinery: Machinery,
    readonly engine: FakeEngine,
    private server: ProviderServer,
    private wire: ProviderWire,
  ) {}

  static async start(): Promise<TestTalosProvider> {
    const machinery = await startMachinery();
    const clock = { now: () => new Date() };
    const server = await serveTalosProvider({ machinery, now: () => clock.now() });
    const engine = await FakeEngine.start();
    const provider = new TestTalosProvider(
      machinery,
      engine,
      server,
      new ProviderWire(server.port),
    );
    clock.now = () => provider.now;
    await provider.wire.call("Handshake", {});
    await provider.wire.call("Attach", { address: engine.address });
    return provider;
  }

  call(method: WireMethod, request: WireRequest): Promise<WireAnswer> {
    return this.wire.call(method, request);
  }

  /** The response to a call that must succeed. */
  async answer(method: WireMethod, request: WireRequest): Promise<Properties> {
    const { response, error } = await this.wire.call(method, request);
    assert.equal(error, undefined);
    return response ?? {};
  }

  /** The error of a call that must fail. */
  async error(method: WireMethod, request: WireRequest): Promise<string> {
    const { error } = await this.wire.call(method, request);
    assert.ok(error !== undefined, `${method} succeeded`);
    return error;
  }

  async stop(): Promise<void> {
    this.wire.close();
    await this.server.stop();
    this.engine.stop();
    await this.machinery.stop();
  }
}

/** A resource as requests name it. */
export function resource(type: string, name = "test"): { type: string; name: string; urn: string } {
  return { type, name, urn: `urn:pulumi:dev::test::${type}::${name}` };
}
