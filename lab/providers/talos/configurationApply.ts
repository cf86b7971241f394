import { createHash } from "node:crypto";

import type { ApplyMode } from "../../../talosApi";
import {
  isObject,
  isUnknown,
  stringOf,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";
import type { ApplyRequest, PlanRequest, ResourceDefinition, TalosContext } from "./definition";
import type { Diagnostic } from "./diagnostics";
import { resetMachine } from "./resetMachine";
import { resolvedApplyMode } from "./resolvedApplyMode";
import { inProviderWords } from "./secrets";
import {
  clientConfigurationAttribute,
  clientConfigurationWo,
  timeoutsAttribute,
} from "./sharedAttributes";
import { budgetOf, retryTalosCall, targetOf } from "./talosCall";
import { oneOf } from "./validate";

const attributes: Attributes = {
  id: { type: "string", computed: true, useStateForUnknown: true },
  applyMode: {
    type: "string",
    optional: true,
    computed: true,
    default: "auto",
    validators: [oneOf("auto", "reboot", "no_reboot", "staged", "staged_if_needing_reboot")],
  },
  resolvedApplyMode: { type: "string", computed: true },
  node: { type: "string", required: true, description: "The name of the node to bootstrap" },
  endpoint: { type: "string", optional: true, computed: true },
  clientConfiguration: clientConfigurationAttribute({ optional: true }),
  clientConfigurationWo,
  machineConfigurationInput: { type: "string", optional: true, sensitive: true },
  machineConfigurationInputWo: { type: "string", optional: true, writeOnly: true },
  onDestroy: {
    type: "object",
    optional: true,
    attributes: {
      reset: { type: "bool", optional: true, computed: true, default: false },
      graceful: { type: "bool", optional: true, computed: true, default: true },
      reboot: { type: "bool", optional: true, computed: true, default: false },
    },
  },
  machineConfiguration: {
    type: "string",
    computed: true,
    sensitive: true,
    useStateForUnknown: true,
  },
  machineConfigurationHash: { type: "string", computed: true, useStateForUnknown: true },
  configPatches: { type: "list", element: "string", optional: true },
  timeouts: timeoutsAttribute("create", "update", "delete"),
};

/** `talos:machine/configurationApply:ConfigurationApply`: patches a configuration here and sends it to a machine. */
export const configurationApplyResource: ResourceDefinition = {
  token: "talos:machine/configurationApply:ConfigurationApply",
  schemaVersion: 1,
  attributes,

  validate: (config) =>
    Promise.resolve(
      unusableOnDestroy(config["onDestroy"]) ?? [
        ...exactlyOne(config, "machineConfigurationInput", "machine configuration input"),
        ...exactlyOne(config, "clientConfiguration", "client configuration"),
      ],
    ),

  async modifyPlan(request, context) {
    const { config, planned } = request;
    if (isUnknown(config["endpoint"]) || isUnknown(config["node"])) {
      return;
    }
    if ((config["endpoint"] ?? null) === null) {
      planned["endpoint"] = stringOf(config["node"]);
    }
    const input = machineConfigurationInput(config);
    const patches = knownPatches(config);
    if (input === undefined || patches === undefined) {
      return;
    }
    const configuration = await inProviderWords(context.machinery.patch(input, patches));
    planned["machineConfigurationHash"] = createHash("sha256").update(configuration).digest("hex");
    planned["machineConfiguration"] = isWriteOnly(config) ? null : configuration;
    await planApplyMode(request, configuration, context);
  },

  create: (request, context) => apply(request, "create", context),
  update: (request, context) => apply(request, "update", context),
  delete: (state, context) => resetMachine(state, context),
};

/** Patched and sent is what was planned; write-only input leaves nothing in the plan, so it is patched again. */
async function apply(
  { config, planned }: ApplyRequest,
  operation: "create" | "update",
  context: TalosContext,
): Promise<TerraformObject> {
  const clientConfiguration = config["clientConfigurationWo"] ?? planned["clientConfiguration"];
  const target = await targetOf(
    context,
    planned,
    clientConfiguration,
    "Error converting config to talos client config",
  );
  const mode = stringOf(planned["resolvedApplyMode"]) || stringOf(planned["applyMode"]);
  const data =
    planned["machineConfiguration"] === null
      ? await computed(config, context)
      : stringOf(planned["machineConfiguration"]);
  await retryTalosCall(
    context,
    target,
    budgetOf(planned["timeouts"], operation),
    "Error applying configuration",
    (client, timeoutMs) =>
      client.applyConfiguration({ data, mode: mode.toUpperCase() as ApplyMode }, timeoutMs),
  );
  return { ...planned, id: "machine_configuration_apply" };
}

async function computed(config: TerraformObject, { machinery }: TalosContext): Promise<string> {
  const input = machineConfigurationInput(config) ?? "";
  return inProviderWords(machinery.patch(input, knownPatches(config) ?? []));
}

function isWriteOnly(config: TerraformObject): boolean {
  return (config["machineConfigurationInputWo"] ?? null) !== null;
}

/** Undefined where nothing is known to patch. */
function machineConfigurationInput(config: TerraformObject): string | undefined {
  const writeOnly = config["machineConfigurationInputWo"];
  const input = typeof writeOnly === "string" ? writeOnly : config["machineConfigurationInput"];
  return typeof input === "string" ? input : undefined;
}

/** Undefined where one of them is unknown; nulls are skipped. */
function knownPatches(config: TerraformObject): string[] | undefined {
  const patches = config["configPatches"] ?? null;
  if (isUnknown(patches) || (Array.isArray(patches) && patches.some(isUnknown))) {
    return undefined;
  }
  return Array.isArray(patches) ? patches.filter((patch) => patch !== null).map(stringOf) : [];
}

async function planApplyMode(
  request: PlanRequest,
  configuration: string,
  context: TalosContext,
): Promise<void> {
  request.planned["resolvedApplyMode"] = await resolvedApplyMode(request, configuration, context);
}

/** The provider reads these into plain booleans before it validates: each must be given, and known. */
function unusableOnDestroy(onDestroy: TerraformValue | undefined): Diagnostic[] | undefined {
  if (!isObject(onDestroy)) {
    return undefined;
  }
  const name = ["reset", "graceful", "reboot"].find((flag) => typeof onDestroy[flag] !== "boolean");
  if (name === undefined) {
    return undefined;
  }
  const place = `Path: on_destroy.${name}\nTarget Type: bool\n`;
  const cause = isUnknown(onDestroy[name])
    ? "Received unknown value, however the target type cannot handle unknown values. Use the corresponding `types` " +
      `package type or a custom type that handles unknown values.\n\n${place}Suggested Type: basetypes.BoolValue`
    : "Received null value, however the target type cannot handle null values. Use the corresponding `types` package " +
      `type, a pointer type or a custom type that handles null values.\n\n${place}` +
      "Suggested `types` Type: basetypes.BoolValue\nSuggested Pointer Type: *bool";
  const detail =
    "An unexpected error was encountered trying to build a value. This is always an error in the provider. " +
    `Please report the following to the provider developer:\n\n${cause}`;
  const path = ["onDestroy", name];
  return [{ severity: "error", summary: "Value Conversion Error", detail, path }];
}

function exactlyOne(config: TerraformObject, name: string, words: string): Diagnostic[] {
  const given = (config[name] ?? null) !== null;
  const writeOnly = (config[`${name}Wo`] ?? null) !== null;
  const terraform = words.replaceAll(" ", "_");
  if (given === writeOnly) {
    return [
      given
        ? {
            severity: "error",
            summary: `Conflicting ${words}`,
            detail: `Only one of ${terraform} or ${terraform}_wo can be set, not both`,
          }
        : {
            severity: "error",
            summary: `Missing ${words}`,
            detail: `Exactly one of ${terraform} or ${terraform}_wo must be set`,
          },
    ];
  }
  return [];
}
