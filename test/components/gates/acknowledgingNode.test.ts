import assert from "node:assert/strict";

import { makeCertificates } from "../../../components/cilium/certificates";
import { acknowledgingNode } from "../../../components/gates/acknowledgingNode";
import { TalosClient } from "../../../talosApi";

describe("acknowledgingNode (that the provider takes it for a node is not proved here)", () => {
  it("takes a bootstrap as a node in maintenance takes calls, from whoever has no certificate", async () => {
    const { ca, hubbleServer } = await makeCertificates();
    const base64 = (pem: string) => Buffer.from(pem).toString("base64");
    const endpoint = await acknowledgingNode({
      caCertificate: base64(ca.cert),
      clientCertificate: base64(hubbleServer.cert),
      clientKey: base64(hubbleServer.key),
    });
    const client = new TalosClient({ endpoint, node: "192.0.2.1" });
    try {
      assert.deepEqual(await client.disks(5000), []);
      await client.bootstrap(5000);
    } finally {
      client.close();
    }
  });
});
