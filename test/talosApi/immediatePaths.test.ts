import assert from "node:assert/strict";

import { isImmediate } from "../../talosApi/immediatePaths";

describe("what a running machine takes over at once (rules of Talos 1.13; not that a machine follows them)", () => {
  const cases: [string[], boolean][] = [
    [["cluster"], true],
    [["cluster", "network", "podSubnets"], true],
    [["debug"], true],
    [["persist"], false],
    [["machine"], false],
    [["machine", "type"], false],
    [["machine", "sysctls", "vm.max_map_count"], true],
    [["machine", "install", "image"], true],
    [["machine", "udev", "rules"], false],
    [["machine", "features"], false],
    [["machine", "features", "rbac"], false],
    [["machine", "features", "kubePrism", "port"], true],
  ];
  for (const [path, immediate] of cases) {
    it(`${path.join(".")}: ${immediate ? "at once" : "with a reboot"}`, () => {
      assert.equal(isImmediate(path), immediate);
    });
  }
});
