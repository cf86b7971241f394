import assert from "node:assert/strict";

import { talosFault } from "../../../components/gates/talosNode";

describe("talosFault (the texts come from grpc-js; the lab's nodes prove that they do)", () => {
  const cases: [string, string, RegExp, boolean][] = [
    [
      "foreign PKI",
      "14 UNAVAILABLE: No connection established. Last error: unable to verify the first certificate",
      /other machine secrets/,
      true,
    ],
    [
      "self-signed",
      "14 UNAVAILABLE: self-signed certificate in certificate chain",
      /other machine secrets/,
      true,
    ],
    [
      "address not in the certificate",
      "Hostname/IP does not match certificate's altnames: IP: 192.0.2.1",
      /not valid for the address/,
      true,
    ],
    ["role", "7 PERMISSION_DENIED: not authorized", /os:admin/, true],
    ["clock", "certificate is not yet valid", /not valid at this time/, false],
    ["off", "14 UNAVAILABLE: connect ECONNREFUSED 127.0.0.9:50000", /connection refused/, false],
    ["black hole", "4 DEADLINE_EXCEEDED: Deadline exceeded after 5.0s", /does not answer/, false],
    ["anything else", "13 INTERNAL: strange", /strange/, false],
  ];
  for (const [name, message, what, final] of cases) {
    it(name, () => {
      const fault = talosFault(new Error(message));
      assert.match(fault.what, what);
      assert.equal(fault.final, final);
      assert.ok(fault.fix.length > 20, "every fault says what to do");
    });
  }
});
