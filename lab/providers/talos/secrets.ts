import { MachineryError } from "../../machinery";
import type { MachineSecretsData } from "../../machinery";
import { UNKNOWN } from "../property";
import {
  isObject,
  isUnknown,
  stringOf,
  type Attributes,
  type TerraformObject,
  type TerraformValue,
} from "./attributes";
import { certificateExpiry } from "./certificateExpiry";
import type { ResourceDefinition } from "./definition";
import { TerraformError, type Diagnostic } from "./diagnostics";
import { clientConfigurationFields, machineSecretsFields } from "./sharedAttributes";
import { compareTalosVersions, DEFAULT_TALOS_VERSION } from "./talosVersion";

const attributes: Attributes = {
  id: { type: "string", computed: true, useStateForUnknown: true },
  talosVersion: { type: "string", optional: true, computed: true },
  machineSecrets: {
    type: "object",
    computed: true,
    attributes: machineSecretsFields({ computed: true }),
  },
  clientConfiguration: {
    type: "object",
    computed: true,
    attributes: clientConfigurationFields({ computed: true }),
  },
};

/** `talos:machine/secrets:Secrets`: PKI, tokens and an admin's credentials, made here and kept in state. */
export const secretsResource: ResourceDefinition = {
  token: "talos:machine/secrets:Secrets",
  schemaVersion: 1,
  attributes,

  async validate(config, { machinery }) {
    const { talosVersion } = config;
    return typeof talosVersion === "string"
      ? await checkedInputs(machinery.call("checkInputs", { talosVersion }))
      : [];
  },

  modifyPlan({ config, prior, planned, replaceOnChange }, { now }) {
    const version = planned["talosVersion"] ?? null;
    if (!isUnknown(config["talosVersion"])) {
      if (isUnknown(version) || version === null) {
        planned["talosVersion"] = DEFAULT_TALOS_VERSION;
      } else if (compareTalosVersions(stringOf(version), stringOf(prior?.["talosVersion"])) < 0) {
        replaceOnChange.add("talosVersion");
      }
    }
    const client = planned["clientConfiguration"];
    if (expiresSoon(prior?.["clientConfiguration"], now()) && isObject(client)) {
      planned["clientConfiguration"] = unknownOf(client);
    }
    return Promise.resolve();
  },

  async create({ planned }, { machinery }) {
    const talosVersion = stringOf(planned["talosVersion"]);
    const made = await inProviderWords(machinery.secrets(talosVersion));
    return {
      id: "machine_secrets",
      talosVersion,
      machineSecrets: made.machineSecrets as unknown as TerraformValue,
      clientConfiguration: { ...made.clientConfiguration },
    };
  },

  async update({ planned, prior }, { machinery, now }) {
    const state = { ...prior, talosVersion: stringOf(planned["talosVersion"]) };
    if (!expiresSoon(prior["clientConfiguration"], now())) {
      return state;
    }
    const machineSecrets = prior["machineSecrets"] as unknown as MachineSecretsData;
    const renewed = await inProviderWords(machinery.clientConfiguration(machineSecrets));
    return { ...state, clientConfiguration: { ...renewed } };
  },

  /** The id of an import is the path of a secrets file, as `talosctl gen secrets` writes it. */
  async importState(id, { machinery }) {
    const made = await inProviderWords(
      machinery.call<TerraformObject>("importSecrets", { path: id }),
    );
    return { ...made, id: "machine_secrets" };
  },
};

/** True for credentials that end within a month. */
function expiresSoon(clientConfiguration: TerraformValue | undefined, now: Date): boolean {
  if (!isObject(clientConfiguration) || typeof clientConfiguration["caCertificate"] !== "string") {
    return false;
  }
  const inAMonth = new Date(now);
  inAMonth.setMonth(inAMonth.getMonth() + 1);
  const expiry = certificateExpiry(
    stringOf(clientConfiguration["clientCertificate"]),
    "client certificate",
    "failed to parse PEM block",
  );
  return expiry < inAMonth;
}

function unknownOf(object: TerraformObject): TerraformObject {
  return Object.fromEntries(Object.keys(object).map((name) => [name, UNKNOWN]));
}

/** What machinery has against inputs, as diagnostics. */
export async function checkedInputs(
  answer: Promise<{ problems: { summary: string; detail: string }[] }>,
): Promise<Diagnostic[]> {
  const { problems } = await answer;
  return problems.map(({ summary, detail }) => ({ severity: "error", summary, detail }));
}

/** Errors of Talos' library as those of the provider. */
export async function inProviderWords<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MachineryError && error.panic === undefined) {
      throw new TerraformError(error.summary, error.detail);
    }
    throw error;
  }
}
