import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { cliValues } from "../../../components/cilium/cli/cliArguments";
import { installByCLI } from "../../../components/cilium/cli/installByCLI";
import { parseCiliumSpec } from "../../../components/spec";
import { RecordedClusterAPI, revisionSecret } from "../../support/recordedClusterAPI";

const VALUES = { debug: { enabled: true } };

describe("installByCLI (the CLI is a script that writes down what it is asked, and no Helm)", () => {
  let folder: string;
  // As it is by then: another test may have put a CLI there.
  let PATH: string | undefined;
  let api: RecordedClusterAPI;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "cilium-cli-"));
    const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/asked\n`;
    writeFileSync(path.join(folder, "cilium"), script, { mode: 0o755 });
    ({ PATH } = process.env);
    process.env["PATH"] = `${folder}${path.delimiter}${PATH}`;
    api = await RecordedClusterAPI.start();
    Object.assign(api.lists, { daemonsets: [], secrets: [], helmreleases: [], applications: [] });
  });
  afterEach(() => {
    process.env["PATH"] = PATH;
    rmSync(folder, { recursive: true });
    api.stop();
  });

  /** The commands that the CLI was given. */
  async function asked(isOurs: boolean): Promise<string[]> {
    const { spec } = parseCiliumSpec({ version: "1.20.0", installMethod: "cli" });
    const wanted = { cilium: spec!, values: VALUES, served: [], timeLimit: 60 };
    await installByCLI(api.kubeconfig, wanted, isOurs);
    return commands();
  }

  function commands(): string[] {
    const file = path.join(folder, "asked");
    return existsSync(file) ? readFileSync(file, "utf8").match(/^\w+/gm)! : [];
  }

  /** Agents of the release, and a HelmRelease that manages it. */
  function managedByFlux(): void {
    const annotations = {
      "meta.helm.sh/release-name": "cilium",
      "meta.helm.sh/release-namespace": "kube-system",
    };
    const metadata = { name: "cilium", namespace: "kube-system" };
    api.lists["daemonsets"] = [{ metadata: { ...metadata, annotations } }];
    api.lists["helmreleases"] = [{ metadata, spec: {} }];
    api.lists["secrets"] = [revisionSecret(1, "deployed", VALUES)];
  }

  it("installs where there is none, and does nothing where it is there", async () => {
    assert.deepEqual(await asked(false), ["install"]);
    api.lists["secrets"] = [revisionSecret(1, "deployed", cliValues(VALUES))];
    assert.deepEqual(await asked(false), ["install"]);
  });

  it("takes over nothing that Flux manages, be it as wanted", async () => {
    managedByFlux();
    await assert.rejects(asked(false), /Flux manages this Cilium.*kube-system\/cilium/s);
    assert.deepEqual(commands(), []);
  });

  it("names its own method where agents came without Helm", async () => {
    api.lists["daemonsets"] = [{ metadata: { name: "cilium", namespace: "kube-system" } }];
    await assert.rejects(asked(false), /set installMethod to manifests first.*then to cli$/);
    assert.deepEqual(commands(), []);
  });

  it("upgrades what it has installed itself, and asks nobody", async () => {
    managedByFlux();
    api.lists["secrets"] = [revisionSecret(1, "deployed", {})];
    assert.deepEqual(await asked(true), ["upgrade"]);
  });

  it("applies anew what a killed run left half applied", async () => {
    api.lists["secrets"] = [
      revisionSecret(1, "deployed", VALUES, 900),
      revisionSecret(2, "pending-upgrade", {}, 600),
    ];
    assert.deepEqual(await asked(true), ["upgrade"]);
    assert.equal(api.lists["secrets"].length, 1);
  });
});
