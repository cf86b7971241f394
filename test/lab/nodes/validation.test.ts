import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { status } from "@grpc/grpc-js";
import type { Machinery } from "../../../lab/machinery";
import type { TalosApiError } from "../../../talosApi";
import { startMachinery } from "../../support/machinery";
import { TestMachines } from "../../support/machines";
import { requireSharedData, sharedData } from "../../support/sharedData";

interface Recorded {
  file: string;
  "validate-metal": { exit: number; message: string };
}

describe("a node and recorded configurations: it takes what talosctl validate took, and says of the rest what it said (dry runs in maintenance: not that a machine boots with them)", function () {
  let machinery: Machinery;
  let test: TestMachines;
  let dir: string;

  before(requireSharedData);
  before(async function () {
    this.timeout(120_000);
    dir = mkdtempSync(path.join(tmpdir(), "validation-"));
    machinery = await startMachinery();
    test = await TestMachines.start(1, { validator: machinery });
  });
  after(async () => {
    await test?.stop();
    await machinery?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("for every recorded configuration", async function () {
    this.timeout(60_000);
    const recorded = JSON.parse(
      readFileSync(sharedData("talos", "talosctl-validate.json"), "utf8"),
    ) as Recorded[];
    const client = test.insecure(0);
    const differences: string[] = [];
    let refused = 0;
    await Promise.all(
      recorded.map(async (record) => {
        const expected = record["validate-metal"];
        const data = readFileSync(sharedData("talos", record.file), "utf8");
        const answer = await client
          .applyConfiguration({ data, dryRun: true }, 50_000)
          .then(() => undefined)
          .catch((error: TalosApiError) => error);
        if (answer !== undefined) {
          refused += 1;
          assert.equal(answer.code, status.INVALID_ARGUMENT, answer.message);
        }
        const said = answer?.details.trim() ?? "";
        const wanted = expected.exit === 0 ? "" : expected.message.trim();
        if (said !== wanted) {
          differences.push(`${record.file}: said ${said || "yes"}, recorded ${wanted || "yes"}`);
        }
      }),
    );
    assert.deepEqual(differences, []);
    assert.ok(refused > 0 && refused < recorded.length, `${refused} of ${recorded.length} refused`);
    assert.equal(test.node(0).stage, "maintenance");
  });
});
