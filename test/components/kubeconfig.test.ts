import assert from "node:assert/strict";

import { parse, stringify } from "yaml";

import { assertKubeconfig, atEndpoint, kubeconfigProblem } from "../../components/kubeconfig";

const good = {
  clusters: [{ name: "c", cluster: { server: "https://192.0.2.1:6443" } }],
  contexts: [{ name: "a@c", context: { cluster: "c", user: "a" } }],
  users: [{ name: "a", user: {} }],
  "current-context": "a@c",
};
const without = (key: keyof typeof good) => JSON.stringify({ ...good, [key]: undefined });

describe("atEndpoint (it does not prove that the server answers)", () => {
  const text = stringify({
    ...good,
    clusters: [{ name: "other", cluster: { server: "https://192.0.2.9:6443" } }, ...good.clusters],
  });
  const servers = (kubeconfig: string) =>
    (parse(kubeconfig) as typeof good).clusters.map(({ cluster }) => cluster.server);

  it("leaves the text as it came where the server is the same", () => {
    assert.equal(atEndpoint(text, "https://192.0.2.1:6443"), text);
    assert.equal(atEndpoint(text, "https://192.0.2.1:6443/"), text);
  });

  it("moves the current context's cluster and nothing else", () => {
    const moved = atEndpoint(text, "https://api.example.org:443");
    assert.deepEqual(servers(moved), ["https://192.0.2.9:6443", "https://api.example.org:443"]);
    assert.deepEqual({ ...(parse(moved) as object), clusters: [] }, { ...good, clusters: [] });
  });
});

describe("kubeconfigProblem (it does not prove that the server answers)", () => {
  const cases: [string, string, RegExp | undefined][] = [
    ["a usable one", JSON.stringify(good), undefined],
    ["no YAML", "a: [", /not YAML/],
    ["nothing", "", /empty/],
    ["plain words", "hello there", /no mapping/],
    ["no current context", without("current-context"), /no current-context/],
    ["a dangling context", without("contexts"), /not among its contexts/],
    ["no server", without("clusters"), /no cluster with a server/],
    ["no user", without("users"), /no user/],
  ];
  for (const [name, text, expected] of cases) {
    it(`tells ${name}`, () => {
      const problem = kubeconfigProblem(text);
      if (expected) assert.match(problem ?? "", expected);
      else assert.equal(problem, undefined);
    });
  }

  it("quotes nothing of a text that it refuses", () => {
    assert.throws(
      () => assertKubeconfig("token: topsecret\nclusters: ["),
      (error: Error) => !error.message.includes("topsecret"),
    );
  });
});
