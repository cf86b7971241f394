import assert from "node:assert/strict";

import { rebootEffect } from "../../../commands/summarize/rebootEffect";

describe("what a changed configuration does to a machine (by its mode; no machine is asked)", () => {
  // mode, needs a reboot, holds something unseen → outcome, certain
  const cases: [string, boolean, boolean, string, boolean][] = [
    ["auto", false, false, "none", true],
    ["auto", true, false, "reboots", true],
    ["auto", false, true, "reboots", false],
    ["auto", true, true, "reboots", true],
    ["no_reboot", false, false, "none", true],
    ["no_reboot", true, false, "refused", true],
    ["no_reboot", false, true, "refused", false],
    ["staged_if_needing_reboot", false, false, "none", true],
    ["staged_if_needing_reboot", true, false, "staged", true],
    ["staged_if_needing_reboot", false, true, "staged", false],
    ["staged", false, false, "staged", true],
    ["reboot", false, false, "reboots", true],
    ["a mode of a later version", true, false, "reboots", true],
  ];
  for (const [mode, needs, unseen, outcome, certain] of cases) {
    const what = [needs && "a field that needs one", unseen && "something unseen"].filter(Boolean);
    it(`${mode} with ${what.join(" and ") || "immediate fields"}: ${outcome}${certain ? "" : ", perhaps"}`, () => {
      assert.deepEqual(rebootEffect(mode, needs, unseen), { outcome, certain });
    });
  }
});
