import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import * as talos from "@pulumiverse/talos";

import packageJson from "../../../sdks/talos/package.json";
import { requireSharedData, sharedData } from "../../support/sharedData";
import { bindingShapes, schemaShape, type Schema, type SchemaObject } from "./shapes";

type ResourceClass = new (
  name: string,
  args: object,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;
type Invoke = (args: object, opts?: object) => unknown;

const modules = {
  client: talos.client,
  cluster: talos.cluster,
  imageFactory: talos.imagefactory,
  machine: talos.machine,
} as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `talos:machine/secrets:Secrets` as module and member. */
function exported(token: string): { module: string; member: string } {
  const [, module, , member] = /^talos:(\w+)\/(\w+):(\w+)$/.exec(token) as unknown as string[];
  return { module: module as string, member: member as string };
}

function plain({ properties = {} }: SchemaObject): Record<string, string> {
  return Object.fromEntries(Object.keys(properties).map((name) => [name, `value of ${name}`]));
}

describe("binding of the talos provider (tokens, properties and marks; not what a plugin answers)", () => {
  let schema: Schema;

  before(function () {
    requireSharedData.call(this);
    schema = JSON.parse(readFileSync(sharedData("talos", "schema.json"), "utf8")) as Schema;
  });

  it("names the plugin as the schema does, where the CLI looks for it", () => {
    assert.equal(packageJson.name, "@pulumiverse/talos");
    assert.equal(packageJson.version, schema.version);
    assert.deepEqual(packageJson.pulumi, {
      resource: true,
      name: schema.name,
      version: schema.version,
      server: schema.pluginDownloadURL,
    });
  });

  it("has every resource and function of the schema, and nothing else", () => {
    const expected = [
      ...Object.keys(schema.resources),
      ...Object.keys(schema.functions).filter((token) => token.startsWith("talos:")),
    ].map((token) => `${exported(token).module}.${exported(token).member}`);
    const found = Object.entries(modules).flatMap(([module, members]) =>
      Object.keys(members)
        .filter((member) => !member.endsWith("Output"))
        .map((member) => `${module}.${member}`),
    );
    assert.deepEqual(found.sort(), expected.sort());
    for (const token of Object.keys(schema.functions).filter((key) => key.startsWith("talos:"))) {
      const { module, member } = exported(token);
      assert.equal(typeof modules[module]?.[`${member}Output`], "function", token);
    }
  });

  it("has the types of the schema, to the last optional one", function () {
    this.timeout(60_000);
    const shapes = bindingShapes(path.resolve(__dirname, "../../../sdks/talos/index.ts"));
    for (const [token, { inputProperties, requiredInputs, ...outputs }] of Object.entries(
      schema.resources,
    )) {
      const { module, member } = exported(token);
      const shape = shapes.resource(module.toLowerCase(), member);
      const inputs = { properties: inputProperties, required: requiredInputs };
      assert.deepEqual(shape.inputs, schemaShape(schema, inputs), `inputs of ${token}`);
      assert.deepEqual(shape.outputs, schemaShape(schema, outputs), `outputs of ${token}`);
    }
    for (const [token, { inputs = {}, outputs = {} }] of Object.entries(schema.functions)) {
      if (!token.startsWith("talos:")) continue;
      const { module, member } = exported(token);
      for (const name of [member, `${member}Output`]) {
        const shape = shapes.function(module.toLowerCase(), name);
        assert.deepEqual(shape.inputs, schemaShape(schema, inputs), `inputs of ${name} ${token}`);
        assert.deepEqual(
          shape.outputs,
          schemaShape(schema, outputs),
          `outputs of ${name} ${token}`,
        );
      }
    }
  });

  describe("what a program registers", () => {
    const calls: { token: string; inputs: unknown }[] = [];

    before(async () => {
      await pulumi.runtime.setMocks({
        newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
        call: ({ token, inputs }) => {
          calls.push({ token, inputs: inputs as unknown });
          return {};
        },
      });
    });

    /** Constructs a resource and catches what it hands to the engine. */
    async function registered(
      token: string,
      args: object,
      opts: pulumi.CustomResourceOptions = {},
    ): Promise<pulumi.ResourceTransformationArgs> {
      const { module, member } = exported(token);
      const Resource = modules[module]?.[member] as ResourceClass;
      let caught: pulumi.ResourceTransformationArgs | undefined;
      const resource = new Resource("one", args, {
        ...opts,
        transformations: [(given) => void (caught = given)],
      });
      await new Promise((resolve) => resource.urn.apply(resolve));
      return caught as pulumi.ResourceTransformationArgs;
    }

    it("has the token, the properties and the plugin", async () => {
      for (const [token, resource] of Object.entries(schema.resources)) {
        const { type, props, opts } = await registered(
          token,
          plain({ properties: resource.inputProperties }),
        );
        assert.equal(type, token);
        const expected = { ...resource.inputProperties, ...resource.properties };
        assert.deepEqual(Object.keys(props).sort(), Object.keys(expected).sort(), token);
        const { version, pluginDownloadURL } = opts;
        assert.deepEqual(
          { version, pluginDownloadURL },
          { version: schema.version, pluginDownloadURL: schema.pluginDownloadURL },
        );
      }
    });

    it("has the secret marks of the schema", async () => {
      for (const [token, resource] of Object.entries(schema.resources)) {
        const { props, opts } = await registered(
          token,
          plain({ properties: resource.inputProperties }),
        );
        for (const [name, property] of Object.entries(resource.inputProperties ?? {})) {
          const secret = await pulumi.isSecret(pulumi.output(props[name] as unknown));
          assert.equal(secret, property.secret === true, `${token} ${name}`);
        }
        const secretOutputs = Object.entries(resource.properties ?? {})
          .filter(([, property]) => property.secret)
          .map(([name]) => name);
        const { additionalSecretOutputs = [] } = opts as pulumi.CustomResourceOptions;
        assert.deepEqual([...additionalSecretOutputs].sort(), secretOutputs.sort(), token);
      }
    });

    it("lets the caller's version and plugin win, and keeps the marks", async () => {
      const token = "talos:machine/configurationApply:ConfigurationApply";
      const { opts } = await registered(
        token,
        { node: "10.5.0.2" },
        { version: "9.9.9", additionalSecretOutputs: ["node"] },
      );
      assert.equal(opts.version, "9.9.9");
      const { additionalSecretOutputs = [] } = opts as pulumi.CustomResourceOptions;
      assert.ok(additionalSecretOutputs.includes("node"));
      assert.ok(additionalSecretOutputs.includes("machineConfiguration"));
    });

    it("refuses to register without a required input", () => {
      for (const [token, { requiredInputs = [], inputProperties }] of Object.entries(
        schema.resources,
      )) {
        const { module, member } = exported(token);
        const Resource = modules[module]?.[member] as ResourceClass;
        for (const missing of requiredInputs) {
          const args: Record<string, string> = plain({ properties: inputProperties });
          delete args[missing];
          assert.throws(
            () => new Resource("one", args),
            new RegExp(`Missing required property '${missing}'`),
          );
        }
      }
    });

    it("calls each function by its token, with all inputs", async () => {
      for (const [token, { inputs = {} }] of Object.entries(schema.functions)) {
        if (!token.startsWith("talos:")) continue;
        const { module, member } = exported(token);
        const args = plain(inputs);
        for (const name of [member, `${member}Output`]) {
          calls.length = 0;
          const result = (modules[module]![name] as Invoke)(args);
          await (pulumi.Output.isInstance(result)
            ? new Promise((resolve) => result.apply(resolve))
            : result);
          assert.deepEqual(calls, [{ token, inputs: args }]);
        }
      }
    });

    it("reads a resource that exists by its id", async () => {
      const apply = talos.machine.Bootstrap.get("kept", "machine_bootstrap", { node: "10.5.0.2" });
      const id = await new Promise((resolve) => apply.id.apply(resolve));
      assert.equal(id, "machine_bootstrap");
      assert.ok(talos.machine.Bootstrap.isInstance(apply));
      assert.ok(!talos.machine.Secrets.isInstance(apply));
    });
  });
});
