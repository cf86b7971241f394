import assert from "node:assert/strict";

import { parseClusterSpec } from "../../../components/spec";
import { minimalCluster } from "./minimalCluster";

function said(clusterEndpoint: string) {
  const { problems, warnings } = parseClusterSpec(minimalCluster({ clusterEndpoint }));
  return {
    ids: [...problems, ...warnings].map(({ id }) => id),
    fix: problems.map(({ fix }) => fix).join(),
    got: problems.map(({ got }) => got).join(),
  };
}

describe("clusterEndpoint (by its text, not whether anything answers there)", () => {
  for (const text of [
    "https://10.5.0.11:6443",
    "https://10.5.0.11:6443/",
    "https://api.example.org:6443",
    "https://API.example.org:443",
    "https://xn--bcher-kva.example:6443",
  ]) {
    it(`takes ${text}`, () => assert.deepEqual(said(text).ids, []));
  }

  for (const [text, warning] of [
    ["https://[fd00::11]:6443", ["endpoint-host"]],
    ["https://api.example.org", ["endpoint-port"]],
    ["https://api.example.org:", ["endpoint-port"]],
  ] as const) {
    it(`takes ${text} with a warning`, () => assert.deepEqual(said(text).ids, warning));
  }

  const example = "write for example https://api.example.org:6443";
  for (const [text, fix] of [
    ["https://10.5.0.11:6443 ", "write https://10.5.0.11:6443"],
    [" https://10.5.0.11:6443", "write https://10.5.0.11:6443"],
    ["https://10.5.0.11:443\n", "write https://10.5.0.11:443"],
    ["https://api.exa\tmple.org:6443", "write https://api.example.org:6443"],
    ["https://api.example.org:6443/v1", "write https://api.example.org:6443"],
    ["https://api.example.org:6443/.", "write https://api.example.org:6443"],
    ["https://api.example.org:6443?", "write https://api.example.org:6443"],
    ["https://api.example.org:6443#", "write https://api.example.org:6443"],
    ["https://@api.example.org:6443", "write https://api.example.org:6443"],
    ["https://bücher.example:6443", "write https://xn--bcher-kva.example:6443"],
    ["https:///api.example.org:6443", "write https://api.example.org:6443"],
    ["https://1.2.3:6443", example],
    ["https://1.2.3", example],
    ["https://167772161:6443", example],
    ["https://0x0a.0.0.1:6443", example],
    ["https://10.5.0.011:6443", example],
    ["https://10.5.0.11.:6443", "write https://10.5.0.11:6443"],
    ["https://%61pi.example.org:6443", "write https://api.example.org:6443"],
    ["https://api.example.org\\:6443", "write https://api.example.org:6443"],
    ["https://fd00::1:6443", "put brackets around the address: https://[fd00::1]:6443"],
    ["https://[fd00::1%25eth0]:6443", example],
    ["https://[10.5.0.11]:6443", example],
    ["https://a..b:6443", example],
    [
      "https://api.example.org:99999",
      "write the port of the control planes, 6443, or that of a load balancer",
    ],
    [
      "https://api.example.org:00",
      "write the port of the control planes, 6443, or that of a load balancer",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(said(text).ids, ["endpoint-url"]);
      assert.equal(said(text).fix, fix);
    });
  }

  for (const [text, fix] of [
    ["HTTPS://10.5.0.11:6443", "write https://10.5.0.11:6443"],
    ["https:/api.example.org:6443", "write https://api.example.org:6443"],
    ["https:\\\\api.example.org:6443", "write https://api.example.org:6443"],
    ["api.example.org:6443", "write https://api.example.org:6443"],
  ] as const) {
    it(`wants https:// before ${JSON.stringify(text)}`, () => {
      assert.deepEqual(said(text).ids, ["endpoint-scheme"]);
      assert.equal(said(text).fix, fix);
    });
  }

  it("shows no password", () => {
    for (const text of [
      "https://u:hunter2@ho st:6443",
      "http://u:hunter2@host",
      " https://u:hunter2@h",
    ]) {
      const { got, fix } = said(text);
      assert.doesNotMatch(got + fix, /hunter2/, text);
    }
  });
});
