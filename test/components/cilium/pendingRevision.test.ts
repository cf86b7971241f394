import assert from "node:assert/strict";

import { nameTaken, toRevision, verdictOn } from "../../../components/cilium/pendingRevision";

const revision = (number: number, status: string, ageSeconds: number) => ({
  secretName: `sh.helm.release.v1.cilium.v${number}`,
  revision: number,
  status,
  ageSeconds,
});

describe("verdictOn (the removal itself is proved on the lab)", () => {
  const cases: [string, ReturnType<typeof revision>[], string][] = [
    ["no release", [], "go-on"],
    ["a deployed one", [revision(1, "deployed", 9999)], "go-on"],
    ["a failed one, which Helm upgrades", [revision(1, "failed", 9999)], "go-on"],
    ["an install that may be running", [revision(1, "pending-install", 119)], "wait"],
    ["an install just at its limit", [revision(1, "pending-install", 120)], "wait"],
    ["an install past its limit", [revision(1, "pending-install", 121)], "remove"],
    [
      "an upgrade past its limit",
      [revision(1, "superseded", 500), revision(2, "pending-upgrade", 500)],
      "remove",
    ],
    [
      "a rollback past its limit",
      [revision(3, "pending-rollback", 500), revision(2, "deployed", 600)],
      "remove",
    ],
    [
      "an old pending one under a deployed one",
      [revision(1, "pending-upgrade", 500), revision(2, "deployed", 10)],
      "go-on",
    ],
    [
      "versions that sort wrongly as text",
      [revision(9, "pending-upgrade", 500), revision(10, "deployed", 10)],
      "go-on",
    ],
  ];
  for (const [name, revisions, action] of cases) {
    it(`${action}: ${name}`, () => assert.equal(verdictOn(revisions, 120).action, action));
  }

  it("names the newest one, and no other", () => {
    const verdict = verdictOn(
      [revision(1, "deployed", 900), revision(2, "pending-upgrade", 500)],
      120,
    );
    assert.equal(
      verdict.action === "remove" && verdict.revision.secretName,
      "sh.helm.release.v1.cilium.v2",
    );
  });
});

describe("toRevision", () => {
  it("counts from the last change that Helm noted", () => {
    const metadata = {
      name: "sh.helm.release.v1.cilium.v2",
      creationTimestamp: new Date(0),
      labels: { version: "2", status: "pending-upgrade", createdAt: "1000", modifiedAt: "1040" },
    };
    assert.deepEqual(toRevision({ metadata }, 1_100_000), revision(2, "pending-upgrade", 60));
  });

  it("falls back on the Secret's own time, and never on a negative age", () => {
    const metadata = { name: "x", creationTimestamp: new Date(50_000), labels: { version: "1" } };
    assert.equal(toRevision({ metadata }, 110_000).ageSeconds, 60);
    assert.equal(toRevision({ metadata }, 10_000).ageSeconds, 0);
  });
});

describe("nameTaken", () => {
  it("says what is there and gives the import line", () => {
    const urn =
      "urn:pulumi:dev::p::talos-cilium:index:Cilium$kubernetes:helm.sh/v3:Release::net-release";
    const message = nameTaken(revision(3, "deployed", 60), { name: "net-release", urn }, "urn:k8s");
    assert.match(message, /revision 3, deployed/);
    assert.match(message, /pulumi import .*"name":"net-release","id":"kube-system\/cilium"/);
    assert.match(message, /"component":"urn:pulumi:dev::p::talos-cilium:index:Cilium::net"/);
    assert.match(message, /"provider":"urn:k8s"/);
  });
});
