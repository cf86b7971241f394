import assert from "node:assert/strict";

import { makeCertificates, outdated } from "../../../components/cilium/certificates";

describe("certificates that were made once (that Relay refuses others is not proved here)", () => {
  it("serve the cluster and the CA that they were made for", async () => {
    const made = await makeCertificates("west.example");
    const wanted = { cluster: "west.example", hubble: true };
    assert.equal(outdated(made, wanted), undefined);
    assert.equal(outdated(made, { ...wanted, ca: made.ca }), undefined);
    assert.equal(outdated(await makeCertificates(), { hubble: true }), undefined);
  });

  it("do not serve a cluster that got another name, as by joining a mesh", async () => {
    const made = await makeCertificates();
    assert.match(
      outdated(made, { cluster: "west", hubble: true }) ?? "",
      /for \*\.default\.hubble-grpc\.cilium\.io, and Hubble Relay expects \*\.west\.hubble-grpc\.cilium\.io/,
    );
    assert.equal(outdated(made, { cluster: "west", hubble: false }), undefined);
  });

  it("end after three years, and say so four months before", async () => {
    const made = await makeCertificates();
    const after = (days: number) => Date.now() + days * 24 * 60 * 60 * 1000;
    assert.equal(outdated(made, { hubble: true }, after(1095 - 121)), undefined);
    const reason = outdated(made, { hubble: true }, after(1095 - 119)) ?? "";
    assert.match(reason, /end on \d{4}-\d\d-\d\d.*raise cilium\.hubble\.tls\.generation/);
    assert.equal(outdated(made, { hubble: false }, after(1095 - 119)), undefined);
  });

  it("do not serve a mesh whose CA is another, and no key is quoted", async () => {
    const [made, other] = [await makeCertificates("west"), await makeCertificates("east")];
    const reason = outdated(made, { cluster: "west", ca: other.ca, hubble: false }) ?? "";
    assert.match(reason, /comes too late/);
    assert.doesNotMatch(reason, /BEGIN/);
  });
});
