import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { recordedCalls, type RecordedCall } from "../../../support/recordedCalls";
import { requireSharedData, sharedData } from "../../../support/sharedData";
import { TestTalosProvider, type Properties } from "../../../support/talosProvider";

const FOLDERS = ["kubernetes/grpc", "kubernetes/grpc-more"];
const REDACTED = "<redacted>";

describe("talos provider, call by call as recorded (keys are redacted there: only their place and mark are compared)", () => {
  let provider: TestTalosProvider;

  before(requireSharedData);
  before(async () => {
    provider = await TestTalosProvider.start();
    provider.now = new Date("2026-11-21T08:00:00Z");
  });
  after(() => provider?.stop());

  it("are all there", () => assert.ok(calls().length > 15));

  for (const call of calls()) {
    it(`${call.recording}: ${call.method}`, async () => {
      const answer = await provider.call(call.method, withKeys(call.request) as Properties);
      if (call.response === undefined) {
        const [error] = call.errors ?? [];
        assert.equal(`rpc error: code = Unimplemented desc = ${answer.error}`, error);
        return;
      }
      assert.equal(answer.error, undefined);
      assert.deepEqual(withoutKeys(answer.response), withoutKeys(call.response));
    });
  }
});

/** Each different call once; a call that died with the recording's engine says nothing of the provider. */
function calls(): RecordedCall[] {
  if (!existsSync(sharedData())) {
    return [];
  }
  const seen = new Set<string>();
  return recordedCalls("talos", FOLDERS)
    .filter(({ errors }) => !errors?.some((error) => error.includes("code = Canceled")))
    .filter(({ method, request, response }) => {
      const asked = { ...request, randomSeed: "", urn: "" };
      const key = method === "Handshake" ? method : JSON.stringify([method, asked, response]);
      return !seen.has(key) && seen.add(key);
    })
    .map((call) => ({ ...call, request: { ...call.request, randomSeed: undefined } }));
}

/** Throw-away keys in the places where the recording's are redacted. */
function withKeys(value: unknown, path: string[] = []): unknown {
  if (value === REDACTED) {
    const from = path.findIndex((name) => name in secrets());
    return path
      .slice(from)
      .reduce<unknown>((found, name) => (found as Properties)[name], secrets());
  }
  if (Array.isArray(value)) {
    return value.map((item) => withKeys(item, path));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, withKeys(item, [...path, name])]),
      )
    : value;
}

/** Certificates, keys and what else differs between two sets of secrets, made alike. */
function withoutKeys(value: unknown, name = ""): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const inside = name === "cluster" || name === "trustdinfo";
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        inside && typeof item === "string" ? REDACTED : withoutKeys(item, key),
      ]),
    );
  }
  const isKey = typeof value === "string" && (value === REDACTED || value.length > 20);
  const isFixed = typeof value === "string" && /^(04da6b54|\{"schema|1b47|https:)/.test(value);
  return (isKey && !isFixed) || SECRET_NAMES.has(name) ? REDACTED : value;
}

const SECRET_NAMES = new Set(["token", "bootstrapToken"]);

function secrets(): Properties {
  return JSON.parse(readFileSync(sharedData("talos", "secrets.json"), "utf8")) as Properties;
}
