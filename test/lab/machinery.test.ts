import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { Machinery, type MachineryError } from "../../lab/machinery";
import { machineryBinary, startMachinery } from "../support/machinery";
import { requireSharedData, sharedData } from "../support/sharedData";

interface Verdict {
  exit: number;
  message: string;
}

describe("machinery, Talos' own library as a child process (what it generates is the provider's test)", () => {
  let machinery: Machinery;

  before(async () => {
    machinery = await startMachinery();
  });
  after(() => machinery?.stop());

  it("answers calls side by side, each its own", async () => {
    const configuration = "version: v1alpha1\nmachine:\n    type: worker\ncluster: {}\n";
    const texts = await Promise.all(
      ["a", "b", "c"].map((name) =>
        machinery.patch(configuration, [`machine: {network: {hostname: ${name}}}`]),
      ),
    );
    assert.deepEqual(
      texts.map((text) => /hostname: (.)/.exec(text)?.[1]),
      ["a", "b", "c"],
    );
  });

  it("rejects with summary and detail, and goes on after a panic of the library", async () => {
    const configuration = "version: v1alpha1\nmachine: {}\ncluster: {}\n";
    await assert.rejects(
      machinery.patch(configuration, ["machine: {foo: bar}"]),
      (error: MachineryError) =>
        error.summary === "Error loading config patches" &&
        error.detail.includes("unknown keys found during decoding") &&
        error.panic === undefined,
    );
    const patch = "apiVersion: v1alpha1\nkind: UserVolumeConfig\nname: x\n$patch: delete\n";
    await assert.rejects(
      machinery.patch(configuration, [patch]),
      (error: MachineryError) => error.panic !== undefined,
    );
    assert.match(await machinery.patch(configuration, []), /version: v1alpha1/);
  });

  it("rejects all calls once the program has ended, and cannot be started from nothing", async () => {
    const other = await Machinery.start(machineryBinary());
    await other.stop();
    await other.stop();
    await assert.rejects(other.patch("", []), /machinery .* ended: exit code 0/);
    await assert.rejects(Machinery.start("/nowhere/machinery"), /cannot start machinery \/nowhere/);
  });

  describe("says of every recorded configuration what talosctl says", () => {
    before(requireSharedData);

    for (const strict of [false, true]) {
      it(strict ? "strictly" : "plainly", async () => {
        const verdicts = recordedVerdicts();
        assert.ok(verdicts.length > 200);
        for (const verdict of verdicts) {
          const text = readFileSync(sharedData("talos", verdict.file), "utf8");
          const { error } = await machinery.validate(text, { mode: "metal", strict });
          const want = verdict[strict ? "validate-metal-strict" : "validate-metal"];
          const said = error ?? `${verdict.file} is valid for metal mode`;
          assert.equal(oneLine(said), oneLine(want.message), verdict.file);
        }
      });
    }
  });
});

function recordedVerdicts(): ({ file: string } & Record<
  "validate-metal" | "validate-metal-strict",
  Verdict
>)[] {
  const file = sharedData("talos", "talosctl-validate.json");
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof recordedVerdicts>)
    : [];
}

/** talosctl's output was recorded without its indentation. */
function oneLine(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
