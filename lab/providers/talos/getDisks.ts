import { messageType } from "../../../talosApi";
import { stringOf, type Attribute, type Attributes, type TerraformObject } from "./attributes";
import type { FunctionDefinition } from "./definition";
import { inProviderWords } from "./secrets";
import { clientConfigurationAttribute, timeoutsAttribute } from "./sharedAttributes";
import { budgetOf, retryTalosCall, targetOf } from "./talosCall";

const string: Attribute = { type: "string", computed: true };
const number: Attribute = { type: "number", computed: true };
const bool: Attribute = { type: "bool", computed: true };
const strings: Attribute = { type: "list", element: "string", computed: true };

const diskAttributes: Attributes = {
  devPath: string,
  size: number,
  prettySize: string,
  ioSize: number,
  sectorSize: number,
  readonly: bool,
  cdrom: bool,
  model: string,
  serial: string,
  modalias: string,
  wwid: string,
  uuid: string,
  busPath: string,
  subSystem: string,
  transport: string,
  rotational: bool,
  secondaryDisks: strings,
  symlinks: strings,
};

const attributes: Attributes = {
  id: { type: "string", computed: true },
  node: { type: "string", required: true },
  endpoint: { type: "string", optional: true, computed: true },
  clientConfiguration: clientConfigurationAttribute({ required: true }),
  selector: { type: "string", optional: true },
  disks: { type: "list", element: diskAttributes, computed: true },
  timeouts: timeoutsAttribute("read"),
};

/** `talos:machine/getDisks`: the disks of a machine that a CEL expression over `disk` selects, or all. */
export const getDisksFunction: FunctionDefinition = {
  token: "talos:machine/getDisks:getDisks",
  terraformName: "talos_machine_disks",
  attributes,

  async read(config, context) {
    const target = await targetOf(
      context,
      config,
      config["clientConfiguration"],
      "failed to generate talos config",
    );
    const selector = stringOf(config["selector"]);
    const matchDisks = (specs: readonly Buffer[]): Promise<{ matches: number[] }> =>
      inProviderWords(
        context.machinery.call("matchDisks", {
          selector,
          disks: specs.map((spec) => spec.toString("base64")),
        }),
      );
    // A bad selector is told before any machine is asked.
    await matchDisks([]);
    const specs = await retryTalosCall(
      context,
      target,
      budgetOf(config["timeouts"], "read"),
      "failed to get list of disks",
      async (client, timeoutMs) => {
        const resources = await client.listResources("runtime", "Disks.block.talos.dev", timeoutMs);
        return resources.map(({ spec }) => Buffer.from(spec.protoSpec));
      },
    );
    const { matches } = await matchDisks(specs);
    return {
      ...config,
      id: "machine_disks",
      endpoint: target.endpoint,
      disks: matches.map((index) => diskOf(specs[index] as Buffer)),
    };
  },
};

function diskOf(spec: Buffer): TerraformObject {
  const disk = messageType<Record<string, string | boolean | string[]>>(
    "talos.resource.definitions.DiskSpec",
  ).deserialize(spec);
  return Object.fromEntries(
    Object.entries(diskAttributes).map(([name, { type }]) => {
      const value = disk[name] ?? null;
      return [name, type === "number" ? Number(value ?? 0) : value];
    }),
  );
}
