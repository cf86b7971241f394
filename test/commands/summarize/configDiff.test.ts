import assert from "node:assert/strict";

import { diffPatches, diffTrees } from "../../../commands/summarize/configDiff";
import { redactionFor } from "../../../commands/summarize/redaction";

const redaction = redactionFor({ config: {}, steps: [], diagnostics: [] });
const diff = (before: string[], after: string[]) =>
  diffPatches(before, after, redaction).map(({ sign, text }) => `${sign} ${text}`);

describe("the difference of two lists of patches (not what Talos makes of them)", () => {
  const cases: [string, string[], string[], string[]][] = [
    ["the same", ["machine: {type: worker}\n"], ["machine: {type: worker}\n"], []],
    ["another order of keys", ["machine: {a: 1, b: 2}\n"], ["machine: {b: 2, a: 1}\n"], []],
    [
      "removals first, then changes, then additions",
      ["machine: {sysctls: {x.a: '1', x.b: '2'}}\n"],
      ["machine: {sysctls: {x.a: '3', x.c: '4'}}\n"],
      [
        '- machine.sysctls["x.b"]: "2"',
        '- machine.sysctls["x.a"]: "1"',
        '+ machine.sysctls["x.a"]: "3"',
        '+ machine.sysctls["x.c"]: "4"',
      ],
    ],
    [
      "an item that goes from a list",
      ["cluster: {network: {podSubnets: [10.0.0.0/8, 'fd00::/8']}}\n"],
      ["cluster: {network: {podSubnets: ['fd00::/8']}}\n"],
      ['- cluster.network.podSubnets[]: "10.0.0.0/8"'],
    ],
    [
      "an object in a list, as a whole",
      [],
      ["machine: {network: {interfaces: [{interface: eth0, dhcp: true}]}}\n"],
      ['+ machine.network.interfaces[]: {interface: "eth0", dhcp: true}'],
    ],
    [
      "the argument behind a flag, which stands on a line of its own",
      [],
      ["machine: {args: [--v=2, --token, abc, b]}\n"],
      [
        '+ machine.args[]: "--v=2"',
        '+ machine.args[]: "--token"',
        "+ machine.args[]: [secret]",
        '+ machine.args[]: "b"',
      ],
    ],
    [
      "a document of its own, by kind and name",
      ["apiVersion: v1alpha1\nkind: VolumeConfig\nname: EPHEMERAL\nprovisioning: {grow: true}\n"],
      ["apiVersion: v1alpha1\nkind: VolumeConfig\nname: EPHEMERAL\nprovisioning: {grow: false}\n"],
      [
        "- VolumeConfig/EPHEMERAL provisioning.grow: true",
        "+ VolumeConfig/EPHEMERAL provisioning.grow: false",
      ],
    ],
    [
      "a document without a name",
      [],
      ["apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: cp-1\n"],
      ['+ HostnameConfig hostname: "cp-1"'],
    ],
    [
      "a deletion that a patch asks for is a removal",
      [],
      ["machine: {udev: {$patch: delete}, time: {disabled: true}}\n"],
      ["- machine.udev (deleted by a patch)", "+ machine.time.disabled: true"],
    ],
    [
      "a deleted item of a list",
      [],
      ["machine: {network: {interfaces: [{interface: eth0, $patch: delete}]}}\n"],
      ['- machine.network.interfaces[]: {interface: "eth0"} (deleted by a patch)'],
    ],
    [
      "a JSON 6902 patch",
      [],
      [
        "- {op: remove, path: /machine/nodeLabels/a~1b}\n- {op: add, path: /machine/certSANs/-, value: x}\n",
      ],
      ['- machine.nodeLabels["a/b"] (deleted by a patch)', '+ machine.certSANs[]: "x"'],
    ],
    ["a secret patch", [], ["[secret]"], ["+ [secret]"]],
    [
      "a patch that is not known yet",
      [],
      ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
      ["+ [not known yet]"],
    ],
    ["a patch that is no YAML", [], ["a: [\n"], ['+ "a patch that is no YAML"']],
  ];
  for (const [what, before, after, lines] of cases) {
    it(what, () => assert.deepEqual(diff(before, after), lines));
  }

  it("compares secrets by what they are and shows none", () => {
    const lines = diff(
      ["machine: {ca: {key: b25l}}\ncluster: {token: same}\n"],
      ["machine: {ca: {key: dHdv}}\ncluster: {token: same}\n"],
    );
    assert.deepEqual(lines, ["- machine.ca.key: [secret]", "+ machine.ca.key: [secret]"]);
  });

  it("takes chart values too, also keys that name a document elsewhere", () => {
    const lines = diffTrees({ name: "a", x: [1] }, { name: "b", x: [1] }, redaction);
    assert.deepEqual(
      lines.map(({ sign, text }) => `${sign} ${text}`),
      ['- name: "a"', '+ name: "b"'],
    );
  });
});
