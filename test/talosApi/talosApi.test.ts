import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import { kubeconfigArchive } from "../../lab/nodes/kubeconfig";
import {
  codeName,
  formatEndpoint,
  kubeconfigFromArchive,
  messageType,
  parseEndpoint,
  standardPem,
  TalosApiError,
  TalosClient,
} from "../../talosApi";

describe("the parts of a Talos API client (no server is asked here)", () => {
  it("reads endpoints as the Talos client does", () => {
    for (const [endpoint, expected] of [
      ["10.0.0.1", "10.0.0.1:50000"],
      ["10.0.0.1:50101", "10.0.0.1:50101"],
      ["node.example.org", "node.example.org:50000"],
      ["fd00::1", "[fd00::1]:50000"],
      ["[fd00::1]", "[fd00::1]:50000"],
      ["[fd00::1]:50101", "[fd00::1]:50101"],
      ["https://10.0.0.1", "10.0.0.1:443"],
      ["https://10.0.0.1:6443/path", "10.0.0.1:6443"],
      ["tcp://10.0.0.1", "10.0.0.1:50000"],
    ] as const) {
      assert.equal(formatEndpoint(parseEndpoint(endpoint)), expected);
    }
    for (const endpoint of ["", "10.0.0.1:", "10.0.0.1:99999", "10.0.0.1:x", "https://"]) {
      assert.throws(() => parseEndpoint(endpoint), /is no Talos endpoint/, endpoint);
    }
  });

  it("gives Ed25519 keys the label that OpenSSL knows, and leaves others alone", () => {
    const pem = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
    assert.equal(standardPem(pem("ED25519 PRIVATE KEY")), pem("PRIVATE KEY"));
    for (const label of ["EC PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE"]) {
      assert.equal(standardPem(pem(label)), pem(label));
    }
  });

  it("unpacks the archive that Talos sends, which has no trailer", () => {
    const text = `apiVersion: v1\n${"#".repeat(1000)}\n`;
    assert.equal(kubeconfigFromArchive(kubeconfigArchive(text)), text);
  });

  it("names a broken archive without showing it", () => {
    const archive = kubeconfigArchive("secret\n");
    const cases: [Buffer, RegExp][] = [
      [archive.subarray(0, archive.length >> 1), /no complete gzip/],
      [Buffer.from("no gzip"), /no complete gzip/],
      [gzipSync(Buffer.alloc(0)), /holds no file/],
      [gzipSync(Buffer.alloc(600, "x")), /is cut or is no tar/],
    ];
    for (const [broken, message] of cases) {
      assert.throws(
        () => kubeconfigFromArchive(broken),
        (error: Error) => {
          assert.match(error.message, message);
          assert.ok(!error.message.includes("secret"));
          return true;
        },
      );
    }
  });

  it("names codes as Go does", () => {
    assert.equal(codeName(status.INVALID_ARGUMENT), "InvalidArgument");
    assert.equal(codeName(status.ALREADY_EXISTS), "AlreadyExists");
    const error = new TalosApiError("Bootstrap", "10.0.0.1:50000", status.ALREADY_EXISTS, "full");
    assert.equal(error.message, "Bootstrap at 10.0.0.1:50000 failed: AlreadyExists: full");
    assert.equal(error.goMessage, "rpc error: code = AlreadyExists desc = full");
  });

  it("refuses unreadable credentials without showing them", () => {
    const secret = Buffer.from("very secret").toString("base64");
    const credentials = { ca: secret, cert: secret, key: secret };
    assert.throws(
      () => new TalosClient({ endpoint: "127.0.0.1", credentials }),
      (error: Error) => {
        assert.match(error.message, /client configuration cannot be used/);
        return !error.message.includes(secret) && !error.message.includes("very secret");
      },
    );
  });

  it("encodes what the provider's health check reads at the field numbers that it reads", () => {
    const encode = (message: string, value: object) =>
      messageType<object>(message).serialize(value).toString("hex");
    const resource = "talos.resource.definitions.";
    assert.equal(
      encode(`${resource}MachineStatusSpec`, { stage: "MACHINE_STAGE_RUNNING" }),
      "0804",
    );
    assert.equal(
      encode(`${resource}BootstrapManifestsConfigSpec`, { cniName: "none" }),
      "aa01046e6f6e65",
    );
    // A COSI resource with an empty spec: the field must be present.
    assert.equal(encode("cosi.resource.Resource", { spec: {} }), "1200");
    assert.equal(encode("machine.EtcdMember", { id: "18446744073709551615" }).slice(0, 2), "10");
  });
});
