import assert from "node:assert/strict";

import { stringify } from "yaml";

import { cliArguments, cliValues } from "../../../components/cilium/cli/cliArguments";
import { versionProblems } from "../../../components/cilium/cli/cliVersion";
import { nextCommand } from "../../../components/cilium/cli/nextCommand";
import { underPlainNames } from "../../../components/cilium/cli/plainNames";
import { cliFailed } from "../../../components/cilium/cli/runCLI";
import { sameValues } from "../../../components/cilium/cli/sameValues";
import { parseCiliumSpec } from "../../../components/spec";

describe("Cilium's CLI (what it is asked, not what it does)", () => {
  it("installs a version, from where the spec says", () => {
    const argumentsOf = (cilium: object, command: "install" | "upgrade" = "install") =>
      cliArguments(command, parseCiliumSpec({ version: "1.20.0", ...cilium }).spec!, "v").join(" ");
    const all = "install --namespace kube-system --version 1.20.0 --values v";
    assert.equal(argumentsOf({}), all);
    assert.equal(
      argumentsOf({ repositoryOpts: { repo: "http://10.5.0.5/charts" } }),
      `${all} --repository http://10.5.0.5/charts`,
    );
    const oci = "oci://quay.io/cilium/charts/cilium";
    assert.equal(argumentsOf({ chart: oci }), `${all} --repository ${oci}`);
    assert.equal(argumentsOf({ chart: `${oci}:1.20.0` }), `${all} --repository ${oci}`);
    for (const chart of ["./cilium", "lab/charts/cilium"]) {
      assert.equal(argumentsOf({ chart }), `${all} --chart-directory ${chart}`);
    }
    assert.match(argumentsOf({}, "upgrade"), /^upgrade .* --reset-values$/);
  });

  it("leaves the CLI nothing to guess, and keeps what was said", () => {
    const chartsOwn = {
      ...{ cluster: { name: "default" }, k8sServiceHost: "", k8sServicePort: "" },
      ...{ routingMode: "", tunnelProtocol: "" },
    };
    const ipam = { mode: "kubernetes" };
    assert.deepEqual(cliValues({ ipam }), { ipam, ...chartsOwn });
    const said = {
      ...{ cluster: { name: "east", id: 1 }, k8sServiceHost: "127.0.0.1", k8sServicePort: 7445 },
      ...{ routingMode: "native", tunnelProtocol: "geneve" },
    };
    assert.deepEqual(cliValues(said), said);
  });

  for (const [text, id] of [
    ["cilium-cli: v0.19.7 compiled with go1.25.5 on linux/amd64\n", undefined],
    ["cilium-cli: v0.18.2 compiled with go1.24.1 on linux/amd64\n", "cli-version"],
    ["Client: 1.20.0 2026-01-01\n", "cli-version"],
    ["", "cli-version"],
    [undefined, "cli-missing"],
  ] as const) {
    it(`asked for 0.19.7, says ${id ?? "nothing"} of ${JSON.stringify(text)}`, () => {
      for (const asked of ["0.19.7", "v0.19.7"]) {
        assert.equal(versionProblems(asked, text)[0]?.id, id);
      }
    });
  }
});

describe("underPlainNames", () => {
  const entry = (name: string) => ({
    cluster: { name, cluster: { server: `https://${name}.example.org:6443` } },
    user: { name: `admin@${name}`, user: { token: name } },
    context: { name, context: { cluster: name, user: `admin@${name}`, namespace: "default" } },
  });

  it("leaves the current context alone, and no name from which the CLI would guess", () => {
    const [current, other] = [entry("kind-of-prod"), entry("other")];
    const text = stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "kind-of-prod" },
      clusters: [other.cluster, current.cluster],
      users: [other.user, current.user],
      contexts: [other.context, current.context],
    });
    assert.deepEqual(JSON.parse(underPlainNames(text)), {
      ...{ apiVersion: "v1", kind: "Config", "current-context": "cluster" },
      clusters: [{ ...current.cluster, name: "cluster" }],
      users: [{ ...current.user, name: "cluster" }],
      contexts: [
        {
          name: "cluster",
          context: { cluster: "cluster", user: "cluster", namespace: "default" },
        },
      ],
    });
  });
});

describe("nextCommand", () => {
  const wanted = { version: "1.20.0", values: { a: { b: 1 }, list: [1, 2] } };
  const installed = (status: string, config: object, version = "1.20.0") => ({
    ...{ secretName: "s", revision: 1, status, ageSeconds: 1 },
    release: { chart: { metadata: { version } }, config: config as Record<string, unknown> },
  });
  const asWanted = cliValues(wanted.values);
  const withRemoved = { ...asWanted, a: { b: 1, removed: true } };

  for (const [what, release, isOurs, command] of [
    ["installs where there is none", undefined, false, "install"],
    ["installs anew what somebody removed", undefined, true, "install"],
    ["goes on from a killed run", installed("deployed", asWanted), false, "nothing"],
    ["goes on from a failed run", installed("failed", asWanted), false, "upgrade"],
    ["refuses other values", installed("deployed", { a: { b: 2 } }), false, "refuse"],
    ["refuses another version", installed("deployed", asWanted, "1.19.6"), false, "refuse"],
    ["refuses a failed one of others", installed("failed", {}), false, "refuse"],
    ["refuses one more value", installed("deployed", withRemoved), false, "refuse"],
    ["upgrades one that has a removed value", installed("deployed", withRemoved), true, "upgrade"],
    ["upgrades its own", installed("deployed", asWanted, "1.19.6"), true, "upgrade"],
    ["does nothing for another CLI", installed("deployed", asWanted), true, "nothing"],
  ] as const) {
    it(what, () => assert.equal(nextCommand(release, wanted, { isOurs }), command));
  }

  it("upgrades what a killed run left half applied, though the revision that is left is as wanted", () => {
    const release = installed("deployed", asWanted);
    for (const isOurs of [true, false]) {
      assert.equal(nextCommand(release, wanted, { isOurs, isCutOff: true }), "upgrade");
    }
  });
});

describe("sameValues", () => {
  const values = { a: { b: 1, c: 2 }, list: [1, 2], cluster: { id: 1 } };

  for (const [what, given, isSame] of [
    ["those of a release of Helm", values, true],
    ["those that the CLI was given", cliValues(values), true],
    ["another order of keys", { cluster: { id: 1 }, list: [1, 2], a: { c: 2, b: 1 } }, true],
    ["one more", { ...values, debug: { enabled: true } }, false],
    ["one more in a map", { ...values, a: { ...values.a, d: 3 } }, false],
    ["one less", { ...values, a: { b: 1 } }, false],
    ["another order of a list", { ...values, list: [2, 1] }, false],
    ["a longer list", { ...values, list: [1, 2, 3] }, false],
    ["a map for a scalar", { ...values, a: { b: 1, c: {} } }, false],
    ["a removed one that the CLI guesses", { ...values, routingMode: "native" }, false],
    ["none", undefined, false],
  ] as const) {
    it(`${isSame ? "takes" : "refuses"} ${what}`, () =>
      assert.equal(sameValues(given, values), isSame));
  }
});

describe("cliFailed", () => {
  it("gives the last lines without a key, or says that the time was over", () => {
    const stderr = "one\n\nError: Unable to install Cilium: -----BEGIN RSA PRIVATE KEY-----abc";
    const message = cliFailed("install", { message: "Command failed", stderr }, 120);
    assert.match(message, /^cilium install: one[\s\S]*Unable to install Cilium: \[secret\]/);
    assert.match(message, /goes on from here$/);
    assert.match(cliFailed("upgrade", { message: "", killed: true }, 9), /no end within 9 s/);
  });
});
