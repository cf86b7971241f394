import { isUnknown, stringOf, type Attributes, type TerraformObject } from "./attributes";
import type { PlanRequest, ResourceDefinition } from "./definition";
import type { Diagnostic } from "./diagnostics";
import {
  clientConfigurationAttribute,
  clientConfigurationWo,
  timeoutsAttribute,
} from "./sharedAttributes";
import { budgetOf, retryTalosCall, targetOf } from "./talosCall";

const attributes: Attributes = {
  id: { type: "string", computed: true, useStateForUnknown: true },
  endpoint: { type: "string", optional: true, computed: true },
  node: { type: "string", required: true, description: "The name of the node to bootstrap" },
  clientConfiguration: clientConfigurationAttribute({ optional: true }),
  clientConfigurationWo,
  timeouts: timeoutsAttribute("create"),
};

/** What the provider makes of imported and of upgraded states, and bridge 3.129 cannot bring back: see `rawStateDelta`. */
const WITHOUT_VALUES: TerraformObject = { create: null };

/**
 * `talos:machine/bootstrap:Bootstrap`: starts etcd on one machine. Not idempotent: AlreadyExists is retried to the end
 * of the budget like any other error. Later changes call nothing.
 */
export const bootstrapResource: ResourceDefinition = {
  token: "talos:machine/bootstrap:Bootstrap",
  schemaVersion: 1,
  attributes,

  validate: (config) => Promise.resolve(oneClientConfiguration(config)),

  modifyPlan(request) {
    planEndpoint(request);
    return Promise.resolve();
  },

  async create({ config, planned }, context) {
    const clientConfiguration = config["clientConfigurationWo"] ?? planned["clientConfiguration"];
    const target = await targetOf(
      context,
      planned,
      clientConfiguration,
      "Error converting config to talos client config",
    );
    await retryTalosCall(
      context,
      target,
      budgetOf(planned["timeouts"], "create"),
      "Error bootstrapping node",
      (client, timeoutMs) => client.bootstrap(timeoutMs),
    );
    return { ...planned, id: "machine_bootstrap" };
  },

  update: ({ planned }) => Promise.resolve(planned),

  /**
   * Any id will do; nothing is asked. No import ends well: see `WITHOUT_VALUES`.
   */
  importState: () =>
    Promise.resolve({
      id: "machine_bootstrap",
      endpoint: null,
      node: null,
      clientConfiguration: null,
      clientConfigurationWo: null,
      timeouts: WITHOUT_VALUES,
    }),

  upgradeState: (state) => ({ ...state, timeouts: WITHOUT_VALUES }),
};

/** The endpoint is the node where a program gives none, as soon as the node is known. */
export function planEndpoint({ config, planned }: PlanRequest): void {
  const endpoint = config["endpoint"] ?? null;
  if (endpoint === null && !isUnknown(config["node"])) {
    planned["endpoint"] = stringOf(config["node"]);
  }
}

function oneClientConfiguration(config: TerraformObject): Diagnostic[] {
  const given = (config["clientConfiguration"] ?? null) !== null;
  const writeOnly = (config["clientConfigurationWo"] ?? null) !== null;
  if (given !== writeOnly) {
    return [];
  }
  const [summary, detail] = given
    ? [
        "Conflicting client configuration",
        "Only one of client_configuration or client_configuration_wo can be set, not both",
      ]
    : [
        "Missing client configuration",
        "Exactly one of client_configuration or client_configuration_wo must be set",
      ];
  return [{ severity: "error", summary, detail }];
}
