import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { parseAllDocuments } from "yaml";

import type { Machinery } from "../../../../lab/machinery";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import { serveTalosProvider } from "../../../../lab/providers/talos";
import { startMachinery } from "../../../support/machinery";
import { ProviderWire } from "../../../support/providerWire";
import { requireSharedData, sharedData } from "../../../support/sharedData";

type Properties = Record<string, unknown>;

interface RecordedCase {
  id: string;
  function: string;
  inputs: Properties;
  machineSecrets?: string;
  /** A file with what the function's secret output held. */
  output?: string;
  otherOutputs?: Properties;
  /** As the program saw it. */
  error?: string;
}

/** The recorded error of a real provider whose process ended; how the socket broke is chance. */
const CONNECTION_LOST = /error reading from server: (connection reset by peer|EOF)$/;

describe("talos functions, as recorded (proves nothing of cases that were not recorded)", () => {
  let machinery: Machinery;
  let server: ProviderServer;
  let wire: ProviderWire;

  before(requireSharedData);
  before(async () => {
    machinery = await startMachinery();
    server = await serveTalosProvider({ machinery });
    wire = new ProviderWire(server.port);
  });
  after(async () => {
    wire?.close();
    await server?.stop();
    await machinery?.stop();
  });

  it("are all there", () => {
    const files = ["cases.json", "client-cases.json"];
    assert.ok(files.flatMap(recordedCases).length > 300);
  });

  for (const [file, secretOutput] of [
    ["cases.json", "machineConfiguration"],
    ["client-cases.json", "talosConfig"],
  ] as const) {
    for (const recorded of recordedCases(file)) {
      it(`${file}: ${recorded.id}`, async () => {
        const answer = await asTheProgramSees(wire, recorded);
        if (recorded.error !== undefined) {
          assert.equal(oneWay(answer.error ?? "no error"), oneWay(recorded.error));
          return;
        }
        assert.equal(answer.error, undefined);
        const {
          [secretOutput]: text,
          machineSecrets,
          clientConfiguration,
          ...others
        } = answer.result;
        assert.deepEqual(others, recorded.otherOutputs);
        assert.deepEqual(
          documents(text as string),
          documents(readFileSync(sharedData("talos", recorded.output ?? ""), "utf8")),
        );
        assert.ok(machineSecrets ?? clientConfiguration, "its secret inputs are given back");
      });
    }
  }
});

function recordedCases(file: string): RecordedCase[] {
  const path = sharedData("talos", file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RecordedCase[]) : [];
}

/** Inputs that name a part of `secrets.json` instead of holding it. */
function completeInputs({ inputs, machineSecrets }: RecordedCase): Properties {
  const secrets = JSON.parse(readFileSync(sharedData("talos", "secrets.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const complete: Properties = { ...inputs };
  if (machineSecrets === "secrets.json#machineSecrets") {
    complete["machineSecrets"] = secrets["machineSecrets"];
  }
  if (complete["clientConfiguration"] === "secrets.json#clientConfiguration") {
    complete["clientConfiguration"] = secrets["clientConfiguration"];
  }
  return complete;
}

/** Errors in the words that the Node.js SDK puts around them. */
async function asTheProgramSees(
  wire: ProviderWire,
  recorded: RecordedCase,
): Promise<{ result: Properties; error?: string }> {
  const tok = recorded.function;
  const { response, error } = await wire.call("Invoke", { tok, args: completeInputs(recorded) });
  if (error !== undefined) {
    return { result: {}, error: `invocation of ${tok} returned an error: ${error}` };
  }
  const failures = (response?.["failures"] ?? []) as { property: string; reason: string }[];
  const reasons = failures.map(({ property, reason }) => `${reason} (${property})`);
  return {
    result: (response?.["return"] ?? {}) as Properties,
    ...(reasons.length > 0 && { error: `Invoke of '${tok}' failed: ${reasons.join("; ")}` }),
  };
}

/** Failures come in any order from the real provider, which walks a Go map. */
function oneWay(text: string): string {
  const [, head, failures] = /^(Invoke of '[^']+' failed: )(.*)$/s.exec(text) ?? [];
  return failures === undefined
    ? text.replace(CONNECTION_LOST, "the provider is gone")
    : head + failures.split("; ").sort().join("; ");
}

function documents(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}
