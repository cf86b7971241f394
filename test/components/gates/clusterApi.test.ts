import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

import { ApiError, ClusterApi } from "../../../components/gates/clusterApi";
import { plainAccess } from "../../../components/gates/plainAccess";
import {
  certificateAuthority,
  kubernetesAdminCertificate,
  serverCertificate,
} from "../../../lab/nodes/certificates";

const SERVER = "https://192.0.2.1:6443";
const base64 = (text: string) => Buffer.from(text).toString("base64");

function kubeconfigOf(user: object, cluster: object): string {
  return JSON.stringify({
    clusters: [
      { name: "other", cluster: { server: "https://192.0.2.9" } },
      { name: "c", cluster },
    ],
    contexts: [{ name: "a@c", context: { cluster: "c", user: "a", namespace: "default" } }],
    users: [{ name: "a", user }],
    "current-context": "a@c",
  });
}

describe("plainAccess (it does not prove that the server answers)", () => {
  const ca = { "certificate-authority-data": base64("CA") };
  const pair = {
    "client-certificate-data": base64("CERT"),
    "client-key-data": base64("KEY"),
  };
  const cases: [string, object, object, object | undefined][] = [
    ["Talos' own kind", pair, ca, { ca: "CA", cert: "CERT", key: "KEY" }],
    ["a token", { token: "t" }, ca, { ca: "CA", token: "t" }],
    ["a server that a public CA signed", { token: "t" }, {}, { token: "t" }],
    [
      "certificates in files",
      { "client-certificate": "/a.crt", "client-key": "/a.key" },
      ca,
      undefined,
    ],
    ["a plugin", { exec: { command: "aws" } }, ca, undefined],
    ["a token in a file", { tokenFile: "/token" }, ca, undefined],
    ["an impersonated user", { ...pair, as: "somebody" }, ca, undefined],
    ["a proxy", pair, { ...ca, "proxy-url": "http://proxy" }, undefined],
    ["another name in the certificate", pair, { ...ca, "tls-server-name": "api" }, undefined],
    ["a server that is not to be checked", pair, { "insecure-skip-tls-verify": true }, undefined],
    ["a server without TLS", pair, { server: "http://192.0.2.1" }, undefined],
  ];
  for (const [name, user, cluster, expected] of cases) {
    it(`${expected ? "reads" : "leaves to the library"} ${name}`, () => {
      const text = kubeconfigOf(user, { server: SERVER, ...cluster });
      const none = { ca: undefined, cert: undefined, key: undefined, token: undefined };
      assert.deepEqual(plainAccess(text), expected && { server: SERVER, ...none, ...expected });
    });
  }

  it("leaves a context that leads nowhere to the library", () => {
    assert.equal(plainAccess("{}"), undefined);
    assert.equal(plainAccess(""), undefined);
  });
});

describe("ClusterApi (a server of the test; no API server)", () => {
  let server: Server;
  let cluster: { server: string; "certificate-authority-data": string };
  let pair: { "client-certificate-data": string; "client-key-data": string };
  let sessions: boolean[];

  before(async () => {
    const authority = await certificateAuthority({ keyType: "ec" });
    const names = ["127.0.0.1"];
    const [own, client] = await Promise.all([
      serverCertificate(authority, { commonName: "api", names }),
      kubernetesAdminCertificate(authority, 3600),
    ]);
    const options = { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: false };
    server = createServer(options, (request: IncomingMessage, response) => {
      const socket = request.socket as TLSSocket;
      sessions.push(socket.isSessionReused());
      response.statusCode = request.url === "/none" ? 404 : 200;
      const { authorization } = request.headers;
      response.end(
        JSON.stringify({ certified: "subject" in socket.getPeerCertificate(), authorization }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cluster = {
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      "certificate-authority-data": base64(authority.cert),
    };
    pair = {
      "client-certificate-data": base64(client.cert),
      "client-key-data": base64(client.key),
    };
  });
  beforeEach(() => {
    sessions = [];
  });
  after(() => void server?.close());

  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "echo",
    args: ['{"status":{"token":"of a plugin"}}'],
    interactiveMode: "Never",
  };
  for (const [name, user, expected] of [
    ["a client certificate", () => pair, { certified: true }],
    ["a token", () => ({ token: "t" }), { certified: false, authorization: "Bearer t" }],
    ["a plugin", () => ({ exec }), { certified: false, authorization: "Bearer of a plugin" }],
  ] as const) {
    it(`calls by ${name}, the second time in the TLS session of the first`, async () => {
      const api = await ClusterApi.connect(kubeconfigOf(user(), cluster));
      assert.deepEqual(await api.get("/readyz"), expected);
      assert.deepEqual(await api.get("/readyz"), expected);
      assert.deepEqual(sessions, [false, true]);
    });
  }

  it("knows nothing where there is nothing, and throws what else the server says", async () => {
    const api = await ClusterApi.connect(kubeconfigOf(pair, cluster));
    assert.equal(await api.get("/none"), undefined);
    await assert.rejects(api.text("/none"), (error: Error) => error instanceof ApiError);
  });

  it("does not talk to a server that another CA signed", async () => {
    const { cert } = await certificateAuthority({ keyType: "ec" });
    const other = { ...cluster, "certificate-authority-data": base64(cert) };
    const api = await ClusterApi.connect(kubeconfigOf(pair, other));
    await assert.rejects(api.text("/readyz"), /self.signed|unable to verify|certificate/);
    assert.deepEqual(sessions, []);
  });
});
