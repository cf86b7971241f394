import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { type TalosctlCommand, talosctlCommands } from "../../scripts/docs/talosctlHelp";
import { talosctlOnPath, talosctlVersion } from "../../scripts/writeTalosctl";
import record from "./talosctl.json";
import { countOf, talosctlFaults } from "./talosctlFaults";

const ROOT = path.resolve(__dirname, "../..");

/** Help texts as cobra, the library of talosctl, prints them. */
const HELP: Readonly<Record<string, string>> = {
  "": `A CLI

Usage:
  talosctl [command]

Manage running Talos clusters:
  etcd        Manage etcd
  reset       Reset a node

Additional Commands:
  help        Help about any command

Flags:
  -h, --help   help for talosctl

Use "talosctl [command] --help" for more information about a command.
`,
  etcd: `Manage etcd

Usage:
  talosctl etcd [command]

Available Commands:
  snapshot    Stream a snapshot

Flags:
  -h, --help   help for etcd
`,
  "etcd snapshot": `Stream a snapshot: takes
  words     like commands

Usage:
  talosctl etcd snapshot <path> [flags]

Examples:
  talosctl etcd snapshot here

Flags:
  -h, --help   help for snapshot

Global Flags:
  -n, --nodes strings        target the specified nodes
      --talosconfig string   The path
`,
  reset: `Usage:
  talosctl reset [flags]

Aliases:
  reset, r

Flags:
      --client string[="all"]   Print it
      --graceful                cordon first (default true)
      --wipe-mode all, disks    what of it
                                --nothing (default all)
`,
  help: `Usage:
  talosctl help [command] [flags]

Flags:
  -h, --help   help for help
`,
};

describe("talosctlCommands (of texts in cobra's form; the record is of the program)", () => {
  it("walks the commands, and tells flags that want a value from others", () => {
    const { help, ...commands } = talosctlCommands((words) => HELP[words.join(" ")]!);
    const reset = {
      arguments: "",
      bare: "--client --graceful",
      valued: "--wipe-mode",
    } satisfies TalosctlCommand;
    assert.deepEqual(commands, {
      "etcd snapshot": {
        arguments: "<path>",
        bare: "-h --help",
        valued: "-n --nodes --talosconfig",
      },
      reset,
      r: reset,
    });
    assert.ok(help);
  });
});

describe("talosctlFaults (that a command is taken, not what it does)", () => {
  const cases: [command: string, faults: string[]][] = [
    ["etcd snapshot etcd.snapshot -n 10.5.0.11", []],
    ["reset --nodes=10.5.0.11 --graceful=false", []],
    ["upgrad --to 1", ["talosctl has no upgrad"]],
    ["etcd snapshots here", ["talosctl has no etcd"]],
    ["etcd snapshot", ["talosctl etcd snapshot takes <path>, got none"]],
    ["upgrade-k8s 1.36.4", ["talosctl upgrade-k8s takes no arguments, got 1.36.4"]],
    ["upgrade-k8s --too=1", ["talosctl upgrade-k8s has no flag --too"]],
    ["upgrade-k8s --to", ["talosctl upgrade-k8s wants a value behind --to"]],
    ["upgrade-k8s --to --dry-run", ["talosctl upgrade-k8s wants a value behind --to"]],
  ];
  for (const [command, faults] of cases) {
    it(command, () => assert.deepEqual(talosctlFaults(command.split(" ")), faults));
  }

  for (const [usage, counts] of [
    ["", [0, 0]],
    ["<path>", [1, 1]],
    ["<member ID>", [1, 1]],
    ["<type> [<id>]", [1, 2]],
    ["[<id> [start|stop|restart|status]]", [0, 2]],
    ["<src-path> -|<local-path>", [2, 2]],
    ["[path1] [path2] ... [pathN]", [0, Infinity]],
    ["<file>...", [1, Infinity]],
  ] as const) {
    it(`counts ${usage || "nothing"}`, () => assert.deepEqual(countOf(usage), counts));
  }
});

describe("test/docs/talosctl.json (what talosctl said of itself)", function () {
  this.timeout(120_000);
  this.slow(30_000);

  it("is of the Talos that the lab brings up", () => {
    const [, version] = /^ +talosVersion: (\S+)/m.exec(
      readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8"),
    )!;
    const how = `put talosctl ${version} on PATH and run npx tsx scripts/writeTalosctl.ts`;
    assert.equal(record.version, version, how);
  });

  it("is what the talosctl on PATH says now", function () {
    const found = talosctlVersion();
    if (found !== record.version) {
      console.log(
        `      skipped: PATH has ${found ?? "no talosctl"}, the record is of ${record.version}`,
      );
      this.skip();
    }
    assert.deepEqual(talosctlOnPath(), record);
  });
});
