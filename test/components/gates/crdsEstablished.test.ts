import assert from "node:assert/strict";

import { crdsMissing, isEstablished } from "../../../components/gates/crdsEstablished";

describe("crdsEstablished (what is asked of one CRD; the waiting is that of every gate)", () => {
  it("takes a CRD only when the API server serves it", () => {
    const crd = (status: string) =>
      ({ status: { conditions: [{ type: "Established", status }] } }) as never;
    assert.equal(isEstablished(crd("True")), true);
    assert.equal(isEstablished(crd("False")), false);
    assert.equal(isEstablished({ status: {} } as never), false);
    assert.equal(isEstablished(undefined), false);
  });

  it("gives up with what is missing and what to do", () => {
    const message = crdsMissing(["servicemonitors.monitoring.coreos.com"]);
    assert.match(message, /nobody has installed servicemonitors\.monitoring\.coreos\.com\. /);
    assert.match(message, /run `pulumi up` again/);
  });
});
