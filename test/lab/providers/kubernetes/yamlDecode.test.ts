import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { serveKubernetesProvider } from "../../../../lab/providers/kubernetes";
import type { ProviderServer } from "../../../../lab/providers/protocol";
import { ProviderWire, type WireAnswer } from "../../../support/providerWire";
import { requireSharedData, sharedData } from "../../../support/sharedData";

interface Step {
  file: string;
  inputs: string;
}
interface Program {
  resources: { invoke?: string; props: Record<string, unknown> }[];
}

// Not proved here: kinds whose scope only a cluster knows.
describe("kubernetes provider: kubernetes:yaml:decode", () => {
  let server: ProviderServer;
  let wire: ProviderWire;

  before(requireSharedData);
  before(async () => {
    server = await serveKubernetesProvider({ helm: "not needed" });
    wire = new ProviderWire(server.port);
  });
  after(async () => {
    wire?.close();
    await server?.stop();
  });

  const read = (file: string): string =>
    readFileSync(sharedData("kubernetes", "invoke-yaml-decode", file), "utf8");

  function decode(name: string): Promise<WireAnswer> {
    const programs = JSON.parse(read("inputs.json")) as Record<string, Program>;
    const call = programs[name]?.resources.find(({ invoke }) => invoke);
    return wire.call("Invoke", { tok: call?.invoke, args: call?.props });
  }

  it("gives the recorded results", async () => {
    const steps = JSON.parse(read("steps.json")) as Step[];
    const files = steps.filter(({ file }) => file.endsWith("-result.json"));
    assert.ok(files.length >= 4);
    for (const { file } of files) {
      const name = file.replace(/^\d+-|-result\.json$/g, "");
      const { response } = await decode(name);
      assert.deepEqual(response?.return ?? {}, JSON.parse(read(file)), file);
    }
  });

  it("fails in the recorded words", async () => {
    for (const name of ["scalar", "bad", "no-text"]) {
      const steps = JSON.parse(read("steps.json")) as Step[];
      const file = steps.find(({ inputs }) => inputs === name)?.file ?? "";
      const expected = /returned an error: (.*)/.exec(read(file))?.[1];
      assert.equal((await decode(name)).error, expected, name);
    }
  });
});
