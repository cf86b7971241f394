import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { gatewayCRDs, gatewayCRDsProblems } from "../../../components/cilium/gatewayAPI/crds";
import { releasedCRDs } from "../../../components/cilium/gatewayAPI/download";
import { gatewayAPIReleases } from "../../../components/cilium/gatewayAPI/releases";
import { withoutDescriptions } from "../../../components/cilium/gatewayAPI/withoutDescriptions";
import { ciliumObjects } from "../../../components/cilium/objects";
import { neededKinds } from "../../../components/cilium/neededKinds";
import { unserved } from "../../../components/gates/served";
import { parseCiliumSpec } from "../../../components/spec";
import { ciliumGatewayAPI, gatewayAPIVersions } from "../../../components/spec/compatibility";
import { requireSharedData, sharedData } from "../../support/sharedData";

const bundle = (release: string) => sharedData("crds", "gateway-api", `standard-${release}.yaml`);

/** Upstream's files by the plural of their kind, as the recorded bundle holds them. */
function filesIn(release: string): Record<string, string> {
  const parts = readFileSync(bundle(release), "utf8").split(
    /^(?:---\n)?#\n# config\/crd\/standard\/gateway\.networking\.k8s\.io_(\w+)\.yaml\n#\n/m,
  );
  const entries = parts
    .slice(1)
    .flatMap((name, index) =>
      index % 2 === 0 ? [[name, parts[index + 2]!.replace(/---\n$/, "")]] : [],
    );
  return Object.fromEntries(entries) as Record<string, string>;
}

const specOf = (version: string, crds?: string) =>
  parseCiliumSpec({ version, gatewayAPI: { crds } }).spec!;

describe("CRDs of Gateway API (that the operator finds them is proved by none of this)", () => {
  for (const [minor, release] of Object.entries(ciliumGatewayAPI)) {
    it(`pins for Cilium 1.${minor} all that its operator asks for`, () => {
      const { files, commit } = gatewayAPIReleases[release]!;
      assert.match(commit, /^[0-9a-f]{40}$/);
      for (const plural of Object.keys(gatewayAPIVersions(Number(minor)))) {
        assert.match(files[plural] ?? "", /^[0-9a-f]{64}$/, plural);
      }
    });
  }

  it("installs none where somebody else does, or nobody wants any", () => {
    assert.deepEqual(gatewayCRDs(specOf("1.20.0", "external")), []);
    assert.deepEqual(gatewayCRDs(parseCiliumSpec({ version: "1.20.0" }).spec!), []);
  });

  it("waits for what the operator and the chart need, whoever installs it", () => {
    const pluralsOf = (cilium: object) =>
      neededKinds(parseCiliumSpec({ version: "1.20.0", ...cilium }).spec!).map(
        ({ plural }) => plural,
      );
    assert.deepEqual(pluralsOf({}), []);
    assert.deepEqual(
      pluralsOf({ gatewayAPI: { crds: "external" } }),
      Object.keys(gatewayAPIVersions(20)),
    );
    const tls = { method: "certmanager", issuerRef: { name: "home" } };
    assert.deepEqual(pluralsOf({ hubble: { tls } }), ["certificates"]);
    const kinds = [
      { group: "cert-manager.io", version: "v1", plural: "certificates" },
      { group: "cert-manager.io", version: "v1", plural: "issuers" },
    ];
    assert.deepEqual(unserved(kinds, new Map([["cert-manager.io/v1", ["issuers"]]])), [
      "certificates.cert-manager.io/v1",
    ]);
    assert.equal(unserved(kinds, new Map()).length, 2);
  });

  it("leaves out what describes fields, and no field", () => {
    const schema = {
      description: "a text",
      properties: { description: { type: "string", description: "a text" } },
      items: [{ description: "a text", enum: ["description"] }],
    };
    assert.deepEqual(withoutDescriptions(schema), {
      properties: { description: { type: "string" } },
      items: [{ enum: ["description"] }],
    });
  });

  describe("given as files (their names are the faults)", () => {
    const folder = path.resolve(__dirname, "../../fixtures/gatewayCRDs");
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".yaml"))) {
      const { rule, version, fails, passes } = parse(
        readFileSync(path.join(folder, file), "utf8"),
      ) as Record<"rule" | "version" | "fails" | "passes", string>;
      it(`refuses ${path.basename(file, ".yaml")}`, () => {
        const found = (crds: string) => gatewayCRDsProblems(specOf(version, crds), folder);
        assert.deepEqual(
          found(fails).map(({ id, got }) => [id, got]),
          [[rule, fails]],
        );
        assert.deepEqual(found(passes), []);
      });
    }
  });

  it("names a file that is not there, and a Cilium that nothing is known of", () => {
    const [absent] = gatewayCRDsProblems(specOf("1.20.0", "./crds.yaml"), "/clusters");
    assert.match(absent!.reason, /^\/clusters\/crds\.yaml is not there$/);
    const [unknown] = gatewayCRDsProblems(specOf("1.31.0"), "/clusters");
    assert.match(unknown!.reason, /nothing is known here of the Gateway API/);
  });

  it("asks for a TLSRoute that the Cilium reads only where there are such routes", () => {
    const mail = { parentRefs: [{ name: "web" }], hostnames: ["mail.example.org"] };
    const tlsRoutes = { mail: { ...mail, backendRefs: [{ name: "mail", port: 993 }] } };
    const of = (version: string, crds?: string) =>
      parseCiliumSpec({ version, gatewayAPI: { crds, tlsRoutes } }).spec!;
    const [problem] = gatewayCRDsProblems(of("1.19.6"), ".");
    assert.match(problem!.fix, /v1\.4\.1 with the TLSRoute of its experimental channel/);
    assert.deepEqual(gatewayCRDsProblems(of("1.20.0"), "."), []);
    const versionIn = (version: string) =>
      neededKinds(of(version, "external")).find(({ plural }) => plural === "tlsroutes")?.version;
    assert.deepEqual(["1.19.6", "1.20.0"].map(versionIn), ["v1alpha2", "v1"]);
    const manifests = ciliumObjects(of("1.19.6", "external")).map(({ manifest }) => manifest);
    assert.deepEqual(
      manifests.map(({ apiVersion }) => apiVersion),
      ["gateway.networking.k8s.io/v1alpha2"],
    );
  });

  describe("with the recorded releases", function () {
    this.timeout(20_000);
    before(requireSharedData);

    for (const release of Object.values(ciliumGatewayAPI)) {
      it(`pins upstream's own files of ${release}`, () => {
        const { files } = gatewayAPIReleases[release]!;
        const hashes = Object.entries(filesIn(release))
          .filter(([name]) => !name.startsWith("vap_"))
          .map(([name, text]) => [name, createHash("sha256").update(text).digest("hex")]);
        assert.deepEqual(Object.fromEntries(hashes), files);
      });
    }

    it("takes a file of the release that fits, all of it before Cilium and to stay", () => {
      const spec = specOf("1.20.0", bundle("v1.6.1"));
      assert.deepEqual(gatewayCRDsProblems(spec, "."), []);
      const objects = gatewayCRDs(spec);
      assert.equal(objects.length, Object.keys(gatewayAPIReleases["v1.6.1"]!.files).length);
      assert.ok(JSON.stringify(objects).length < 300_000);
      assert.ok(objects.every(({ when, stays }) => when === "beforeRelease" && stays));
      const names = objects.map(({ manifest }) => manifest.metadata.name);
      for (const { plural, group } of neededKinds(spec)) {
        assert.ok(names.includes(`${plural}.${group}`), plural);
      }
    });

    it("takes a folder too", () => {
      const spec = specOf("1.20.0", sharedData("crds", "gateway-api"));
      assert.deepEqual(gatewayCRDsProblems(spec, "."), []);
    });

    it("refuses CRDs that the operator would switch Gateway API off at", () => {
      const reasonOf = (version: string, release: string) =>
        gatewayCRDsProblems(specOf(version, bundle(release)), ".")[0]?.reason ?? "";
      assert.match(reasonOf("1.20.0", "v1.4.1"), /without referencegrants v1, tlsroutes v1/);
      assert.match(reasonOf("1.19.6", "v1.6.1"), /fails where TLSRoute is not served as v1alpha2/);
      assert.equal(reasonOf("1.19.6", "v1.4.1"), "");
      assert.equal(reasonOf("1.18.12", "v1.3.0"), "");
    });
  });

  describe("downloaded from a server on loopback", function () {
    this.timeout(20_000);
    const cache = process.env["XDG_CACHE_HOME"];
    let server: ChildProcess;
    let folder = "";
    let source = "";

    before(requireSharedData);
    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), "gateway-api-"));
      process.env["XDG_CACHE_HOME"] = folder;
      // The download holds up this process, so the server is another; it gives each file once.
      const files = { ...filesIn("v1.3.0"), backendtlspolicies: "kind: Other\n" };
      server = spawn(process.execPath, ["-e", SERVER], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      server.stdin!.end(JSON.stringify(files));
      const [port] = (await once(server.stdout!, "data")) as [Buffer];
      source = `http://127.0.0.1:${String(port).trim()}`;
    });
    after(() => {
      server?.kill();
      if (cache === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = cache;
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it("is kept, so that the second time nothing is asked", () => {
      const first = releasedCRDs("v1.3.0", source);
      assert.equal(first.length, 5);
      assert.deepEqual(releasedCRDs("v1.3.0", source), first);
    });

    it("is refused where a file is not the one that is pinned", () => {
      assert.throws(() => releasedCRDs("v1.4.1", source), /410|is not the file that is pinned/);
    });

    it("says why it cannot be had", () => {
      assert.throws(() => releasedCRDs("v1.2.0", "http://127.0.0.1:9"), /ECONNREFUSED|bad port/);
    });
  });
});

const SERVER = `
let text = "";
process.stdin.on("data", (part) => (text += part)).on("end", () => {
  const files = JSON.parse(text);
  const server = require("node:http").createServer((request, response) => {
    const name = /k8s\\.io_(\\w+)\\.yaml$/.exec(request.url)[1];
    response.statusCode = name in files ? 200 : 410;
    response.end(files[name]);
    delete files[name];
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
});`;
