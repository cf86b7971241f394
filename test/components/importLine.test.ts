import assert from "node:assert/strict";

import { importLine } from "../../components/importLine";

const component =
  "urn:pulumi:dev::talos-cilium::talos-cilium:index:TalosCluster$talos-cilium:index:ClusterBootstrap::talos";

describe("importLine (that the CLI takes it is proved on the lab)", () => {
  const read = (line: string) => JSON.parse(line.match(/<\(echo '(.*)'\)$/)![1]!) as unknown;
  const target = {
    name: "talos-bootstrap",
    urn: `${component.slice(0, -"::talos".length)}$talos:machine/bootstrap:Bootstrap::talos-bootstrap`,
  };

  it("puts a child under its component, whose name the child's begins with", () => {
    const line = importLine(target, { id: "machine_bootstrap", suffix: "-bootstrap" });
    assert.match(line, /^pulumi import --yes --protect=false --generate-code=false --file </);
    assert.deepEqual(read(line), {
      nameTable: { component },
      resources: [
        {
          type: "talos:machine/bootstrap:Bootstrap",
          name: "talos-bootstrap",
          id: "machine_bootstrap",
          parent: "component",
        },
      ],
    });
  });

  it("names a provider, and gives what cannot be read", () => {
    const options = {
      id: "x",
      suffix: "-bootstrap",
      provider: "urn:p",
      inputs: { node: "192.0.2.1" },
      schemaVersion: 1,
    };
    const { nameTable, resources } = read(importLine(target, options)) as {
      nameTable: object;
      resources: object[];
    };
    assert.deepEqual(nameTable, { component, provider: "urn:p" });
    const { provider, inputs, outputs } = resources[0] as Record<string, unknown>;
    assert.deepEqual(
      { provider, inputs, outputs },
      {
        provider: "provider",
        inputs: { node: "192.0.2.1" },
        outputs: { id: "x", node: "192.0.2.1", __meta: '{"schema_version":"1"}' },
      },
    );
  });
});
