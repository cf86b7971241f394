import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

import { checkConfigPatches } from "../../../components/spec";
import { generatedDocuments } from "../../../components/spec/configPatches/generated";
import type { MachineType } from "../../../components/spec";
import { requireSharedData, sharedData } from "../../support/sharedData";

interface RecordedCase {
  readonly id: string;
  readonly inputs: {
    readonly talosVersion?: string;
    readonly machineType?: string;
    readonly configPatches?: unknown;
  };
  readonly output?: string;
  readonly error?: string;
}

interface RecordedValidation {
  readonly file: string;
  readonly "validate-metal": { readonly exit: number; readonly message: string };
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(sharedData("talos", name), "utf8")) as T;
}

function isText(patch: unknown): patch is string {
  return typeof patch === "string";
}

describe("patches that the real provider and talosctl were given (what is said of them, not how it reads)", () => {
  before(requireSharedData);

  it("are refused exactly where the provider or the machine refuses them", () => {
    const verdicts = new Map(
      read<RecordedValidation[]>("talosctl-validate.json").map((verdict) => [
        verdict.file,
        verdict,
      ]),
    );
    // Cases whose fault is not in the patches have other machine secrets or inputs.
    const cases = read<RecordedCase[]>("cases.json").filter(
      ({ id, inputs }) =>
        !id.startsWith("x-ms") &&
        Array.isArray(inputs.configPatches) &&
        inputs.configPatches.every(isText) &&
        (inputs.machineType === "controlplane" || inputs.machineType === "worker"),
    );
    assert.ok(cases.length > 150, `${cases.length} cases`);

    const wrong = cases.flatMap(({ id, inputs, output, error }) => {
      const verdict = output === undefined ? undefined : verdicts.get(output);
      const works = error === undefined && verdict?.["validate-metal"].exit === 0;
      const problems = checkConfigPatches(
        (inputs.configPatches as string[]).map((text, index) => ({
          text,
          propertyPath: `configPatches[${index}]`,
        })),
        {
          configContract: inputs.talosVersion ?? "v1.13",
          machineType: inputs.machineType as MachineType,
        },
      );
      if (works === (problems.length === 0)) return [];
      const cause = error ?? verdict?.["validate-metal"].message;
      return [{ id, works, cause, found: problems.map((problem) => problem.reason) }];
    });
    assert.deepEqual(wrong, []);
  });

  for (const contract of ["v1.9", "v1.11", "v1.12", "v1.13"]) {
    for (const machineType of ["controlplane", "worker"] as const) {
      it(`are applied to the keys that are generated: ${machineType}, contract ${contract}`, function () {
        const recorded = read<RecordedCase[]>("cases.json").find(
          ({ inputs, output }) =>
            inputs.talosVersion === contract &&
            inputs.machineType === machineType &&
            (inputs.configPatches === undefined || JSON.stringify(inputs.configPatches) === "[]") &&
            output !== undefined,
        );
        if (!recorded) this.skip();
        const documents = parseAllDocuments(
          readFileSync(sharedData("talos", recorded.output!), "utf8"),
        ).map((document) => document.toJS() as unknown);
        assert.deepEqual(
          keysOf(generatedDocuments({ configContract: contract, machineType })),
          keysOf(documents),
        );
      });
    }
  }
});

/** The shape of a value: its keys, and whether a text is empty; not what the texts say. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value === "string") return value === "" ? "" : "text";
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]));
}
