import assert from "node:assert/strict";

import { formatLocated, readStackText } from "../../../commands/stackFile/readStackFile";
import { writtenFile } from "../support/environment";

interface Mistake {
  readonly mistake: string;
  /** What is changed in the file, and into what. */
  readonly from: string | RegExp;
  readonly to: string;
  /** A piece of the line that has to be named; the written one where it is gone. */
  readonly at: string;
  readonly says: RegExp;
  readonly fix: RegExp;
}

/** What people do to the file that `new` wrote. */
const MISTAKES: readonly Mistake[] = [
  {
    mistake: "a key that is misspelled",
    from: "clusterEndpoint:",
    to: "clusterEndpont:",
    at: "clusterEndpont:",
    says: /there is no key clusterEndpont/,
    fix: /did you mean clusterEndpoint\?/,
  },
  {
    mistake: "a key of a machine that is misspelled",
    from: "ipAddress: 10.5.0.21",
    to: "ipAdress: 10.5.0.21",
    at: "ipAdress: 10.5.0.21",
    says: /nodes\[1\]\.ipAdress/,
    fix: /did you mean ipAddress\?/,
  },
  {
    mistake: "a key that is left out",
    from: /\n {4}kubernetesVersion:.*/,
    to: "",
    at: "talos-cilium:cluster:",
    says: /kubernetesVersion \[missing\]/,
    fix: /for example 1\.36\.3/,
  },
  {
    mistake: "a version of two numbers, which YAML takes for a number",
    from: "kubernetesVersion: 1.36.3",
    to: "kubernetesVersion: 1.36",
    at: "kubernetesVersion:",
    says: /it must be a text/,
    fix: /for example 1\.36\.0/,
  },
  {
    mistake: "a version of two numbers that loses its zero",
    from: "version: 1.20.0",
    to: "version: 1.20",
    at: "version: 1.20",
    says: /cilium\.version/,
    fix: /for example 1\.20\.0/,
  },
  {
    mistake: "a contract without its v",
    from: "configContract: v1.13",
    to: "configContract: 1.13",
    at: "configContract:",
    says: /it must be a text/,
    fix: /for example v1\.13:/,
  },
  {
    mistake: "a Talos version without its v",
    from: "talosVersion: v1.13.0",
    to: "talosVersion: 1.13.0",
    at: "talosVersion:",
    says: /with a leading v/,
    fix: /write v1\.13\.0/,
  },
  {
    mistake: "a Kubernetes version with a v",
    from: "kubernetesVersion: 1.36.3",
    to: "kubernetesVersion: v1.36.3",
    at: "kubernetesVersion:",
    says: /without a leading v/,
    fix: /write 1\.36\.3/,
  },
  {
    mistake: "versions that do not go together",
    from: "kubernetesVersion: 1.36.3",
    to: "kubernetesVersion: 1.29.0",
    at: "kubernetesVersion:",
    says: /Talos 1\.13 runs Kubernetes 1\.31 to 1\.36/,
    fix: /choose one of these/,
  },
  {
    mistake: "an endpoint without its scheme",
    from: "https://10.5.0.11:6443",
    to: "10.5.0.11:6443",
    at: "clusterEndpoint:",
    says: /speaks https only/,
    fix: /write https:\/\/10\.5\.0\.11:6443/,
  },
  {
    mistake: "an endpoint on a worker",
    from: "https://10.5.0.11:6443",
    to: "https://10.5.0.21:6443",
    at: "clusterEndpoint:",
    says: /the address of worker-1, a worker/,
    fix: /a control plane, a VIP or a load balancer/,
  },
  {
    mistake: "an address that is none",
    from: "ipAddress: 10.5.0.21",
    to: "ipAddress: 10.5.0.256",
    at: "ipAddress: 10.5.0.256",
    says: /no IPv4 or IPv6 address/,
    fix: /such as 10\.5\.0\.11/,
  },
  {
    mistake: "an address twice",
    from: "ipAddress: 10.5.0.21",
    to: "ipAddress: 10.5.0.11 # again",
    at: "# again",
    says: /nodes\[0\]\.ipAddress \(cp-1\) has the same address/,
    fix: /an address of its own/,
  },
  {
    mistake: "a hostname with an underscore",
    from: "hostname: worker-1",
    to: "hostname: worker_1",
    at: "hostname: worker_1",
    says: /no DNS label/,
    fix: /write worker-1/,
  },
  {
    mistake: "the role in Kubernetes' spelling",
    from: "machineType: controlplane",
    to: "machineType: control-plane",
    at: "machineType: control-plane",
    says: /one of controlplane, worker/,
    fix: /write controlplane/,
  },
  {
    mistake: "yes for true",
    from: "protect: true",
    to: "protect: yes",
    at: "protect:",
    says: /true or false/,
    fix: /write true/,
  },
  {
    mistake: "a machine without a disk",
    from: /\n {8}installDisk: \/dev\/sda(?=\n {4}cilium)/,
    to: "",
    at: "hostname: worker-1",
    says: /which disk/,
    fix: /add installDisk/,
  },
  {
    mistake: "one network where a list is wanted",
    from: "    protect: true",
    to: "    podSubnets: 10.244.0.0/16\n    protect: true",
    at: "podSubnets:",
    says: /it must be a list/,
    fix: /\["10\.244\.0\.0\/16"\]/,
  },
  {
    mistake: "a key twice",
    from: "    protect: true",
    to: "    protect: true\n    protect: false",
    at: "    protect: false",
    says: /protect stands twice/,
    fix: /keep one protect/,
  },
  {
    mistake: "a key twice, behind one without a value",
    from: "    protect: true",
    to: "    protect: true\n    hostDNS:\n    # of the lab\n    protect: false",
    at: "    protect: false",
    says: /the key protect stands twice/,
    fix: /keep one protect/,
  },
  {
    mistake: "a tab",
    from: "    clusterName:",
    to: "\tclusterName:",
    at: "\tclusterName:",
    says: /by a tab/,
    fix: /by spaces/,
  },
  {
    mistake: "a key that is indented too deep",
    from: "    configContract:",
    to: "      configContract:",
    at: "configContract:",
    says: /indentation/,
    fix: /like its neighbours/,
  },
  {
    mistake: "a machine's key that is indented too little",
    from: "        ipAddress: 10.5.0.21",
    to: "       ipAddress: 10.5.0.21",
    at: "ipAddress: 10.5.0.21",
    says: /indentation/,
    fix: /two spaces for each level/,
  },
  {
    mistake: "no space behind a colon",
    from: "clusterName: home",
    to: "clusterName:home",
    at: "clusterName:home",
    says: /followed by a colon and a space/,
    fix: /a space behind the colon/,
  },
  {
    mistake: "no space behind a dash",
    from: "- hostname: cp-1",
    to: "-hostname: cp-1",
    at: "-hostname: cp-1",
    says: /begins with a dash and a space/,
    fix: /a space behind the dash/,
  },
  {
    mistake: "a quote that is not closed",
    from: "clusterName: home",
    to: 'clusterName: "home',
    at: "clusterName:",
    says: /quote is not closed/,
    fix: /close the quote/,
  },
  {
    mistake: "a merge conflict",
    from: "    protect: true",
    to: "<<<<<<< HEAD\n    protect: true",
    at: "<<<<<<< HEAD",
    says: /merge conflict/,
    fix: /remove the marks/,
  },
  {
    mistake: "a switch as charts have it",
    from: "      version: 1.20.0",
    to: "      hubble:\n        relay:\n          enabled: true\n      version: 1.20.0",
    at: "        relay:",
    says: /cilium\.hubble\.relay \[wrong-type\]/,
    fix: /write true alone/,
  },
  {
    mistake: "Cilium's keys that are not indented below it",
    from: "      version: 1.20.0",
    to: "    version: 1.20.0",
    at: "    cilium:",
    says: /cilium \[wrong-type\]/,
    fix: /indented by two spaces more/,
  },
  {
    mistake: "a no-break space, from a page",
    from: "    clusterName: home",
    to: "    clusterName:\u00a0home",
    at: "clusterName:\u00a0home",
    says: /no-break space/,
    fix: /an ordinary space/,
  },
  {
    mistake: "a no-break space that indents",
    from: "    clusterName:",
    to: "  \u00a0 clusterName:",
    at: "\u00a0 clusterName:",
    says: /no-break space/,
    fix: /an ordinary space/,
  },
  {
    mistake: "a tab behind a dash",
    from: "- hostname: worker-1",
    to: "-\thostname: worker-1",
    at: "-\thostname",
    says: /by a tab/,
    fix: /by spaces/,
  },
  {
    mistake: "a dash that is indented too little",
    from: "      - hostname: worker-1",
    to: "    - hostname: worker-1",
    at: "    - hostname: worker-1",
    says: /not below the dashes of its list/,
    fix: /like the other elements/,
  },
  {
    mistake: "a bracket that closes at less than its key",
    from: "    protect: true",
    to: "    podSubnets: [\n  10.244.0.0/16]\n    protect: true",
    at: "  10.244.0.0/16]",
    says: /indented less than the key/,
    fix: /two spaces more than the key/,
  },
  {
    mistake: "a comment without its space",
    from: "clusterName: home",
    to: 'clusterName: "home"# mine',
    at: "# mine",
    says: /begins with a space and #/,
    fix: /a space before #/,
  },
  {
    mistake: "a template that nobody filled in",
    from: "clusterName: home",
    to: "clusterName: {{ name }}",
    at: "clusterName:",
    says: /a key is a text/,
    fix: /\{\{ \}\} of a template/,
  },
  {
    mistake: "machines as an object",
    from: /nodes:\n.*\n.*\n.*\n.*\n.*\n.*\n.*\n.*\n/,
    to: "nodes:\n      cp-1: { ipAddress: 10.5.0.11 }\n",
    at: "    nodes:",
    says: /nodes \[wrong-type\]/,
    fix: /begins with a dash and a space/,
  },
  {
    mistake: "a value that is left out",
    from: "clusterName: home",
    to: "clusterName: # home",
    at: "clusterName:",
    says: /it must be a text/,
    fix: /behind the colon/,
  },
  {
    mistake: "a list in one text",
    from: "    protect: true",
    to: "    certSANs: a.example.org, b.example.org\n    protect: true",
    at: "certSANs:",
    says: /it must be a list/,
    fix: /\["a\.example\.org", "b\.example\.org"\]/,
  },
  {
    mistake: "no cilium",
    from: / {4}cilium:\n.*/,
    to: "",
    at: "talos-cilium:cluster:",
    says: /cilium \[missing\]/,
    fix: /^add an object with version$/,
  },
  {
    mistake: "a version where keys are wanted",
    from: / {4}cilium:\n.*/,
    to: "    cilium: 1.20.0",
    at: "cilium: 1.20.0",
    says: /cilium \[wrong-type\]/,
    fix: /its keys below it/,
  },
  {
    mistake: "a patch that is an object",
    from: "    protect: true",
    to: "    configPatches:\n      - machine: {}\n    protect: true",
    at: "- machine: {}",
    says: /configPatches\[0\] \[wrong-type\]/,
    fix: /as a text: \| first/,
  },
  {
    mistake: "an IPv6 endpoint without brackets",
    from: "https://10.5.0.11:6443",
    to: "https://fd00::11:6443",
    at: "clusterEndpoint:",
    says: /a host and a port, and nothing else/,
    fix: /https:\/\/\[fd00::11\]:6443/,
  },
  {
    mistake: "an IPv6 address first in brackets",
    from: "    protect: true",
    to: "    podSubnets: [::/56]\n    protect: true",
    at: "podSubnets:",
    says: /begins with a colon/,
    fix: /"::\/56"/,
  },
  {
    mistake: "a name that is a date",
    from: "clusterName: home",
    to: "clusterName: 2026-01-01",
    at: "clusterName:",
    says: /it is a time/,
    fix: /write "2026-01-01"/,
  },
  {
    mistake: "the cluster under another name",
    from: "talos-cilium:cluster:",
    to: "talos-cilium:clutser:",
    at: "talos-cilium:clutser:",
    says: /the program reads no such key/,
    fix: /write talos-cilium:cluster/,
  },
  {
    mistake: "the cluster under another project",
    from: "talos-cilium:cluster:",
    to: "talos:cluster:",
    at: "talos:cluster:",
    says: /Pulumi\.yaml names this one talos-cilium/,
    fix: /write talos-cilium:cluster/,
  },
  {
    mistake: "the cluster beside config instead of in it",
    from: "config:\n  talos-cilium:cluster:",
    to: "config:\ntalos-cilium:cluster:",
    at: "talos-cilium:cluster:",
    says: /beside config/,
    fix: /indent talos-cilium:cluster under config/,
  },
];

/** What is said of one mistake is not said of what follows from it. */
const FOLLOWING: readonly (readonly [name: string, from: string, to: string])[] = [
  ["a machine's role that is misspelled", "machineType: worker", "machinetype: worker"],
  ["no machine that is understood", "    nodes:", "    nodes: none\n    nods:"],
  ["a path in the endpoint", "https://10.5.0.11:6443", "https://10.5.0.11:6443/api"],
];

describe("typical mistakes in the file that `new` writes (not every mistake there is)", () => {
  it("are twenty or more, in a file that has none of them", () => {
    assert.ok(MISTAKES.length >= 20);
    assert.deepEqual(readStackText(writtenFile()).problems, []);
  });

  for (const [name, from, to] of FOLLOWING) {
    it(`${name}: warns of nothing that follows from it`, () => {
      const { spec, warnings } = readStackText(writtenFile().replace(from, to));
      assert.equal(spec, undefined);
      assert.deepEqual(warnings, []);
    });
  }

  for (const { mistake, from, to, at, says, fix } of MISTAKES) {
    it(`${mistake}: names the line and the fix`, () => {
      const text = writtenFile().replace(from, to);
      assert.notEqual(text, writtenFile(), "the mistake was not made");
      const line = text.split("\n").findIndex((each) => each.includes(at)) + 1;
      assert.notEqual(line, 0, `${at} is not in the file`);

      const { spec, problems } = readStackText(text);
      assert.equal(spec, undefined);
      const message = formatLocated(problems, "Pulumi.home.yaml");
      const found = problems.find((problem) => {
        const own = formatLocated([problem], "Pulumi.home.yaml");
        return own.includes(`Pulumi.home.yaml:${line} `) && says.test(own) && fix.test(problem.fix);
      });
      assert.ok(found, `line ${line}, ${says} and ${fix} are not in:\n${message}`);
    });
  }
});
