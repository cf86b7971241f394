import { status } from "@grpc/grpc-js";
import type { ApplyConfigurationRequest } from "../../../talosApi";
import { decideApply } from "../applyMode";
import { imageTag } from "../imageTag";
import { changesThatNeedReboot } from "../immediateChange";
import { type MachineConfiguration, parseMachineConfiguration } from "../machineConfiguration";
import { READERS, ROLES } from "../roles";
import { unary } from "../rpc";
import { notAuthorized, RpcError } from "../rpcError";
import type { SimulatedNode } from "../simulatedNode";

/** Talos reverts a configuration that is tried after this, if the request names no time. */
const DEFAULT_TRY_MS = 60_000;

export const applyConfiguration = unary<ApplyConfigurationRequest>({
  service: "machine",
  rpc: "ApplyConfiguration",
  roles: READERS,
  async handle(node, request, caller) {
    if (!node.inMaintenance && !caller.roles.has(ROLES.admin)) {
      throw notAuthorized();
    }
    const text = Buffer.from(request.data).toString("utf8");
    const { configuration, warnings } = await accept(node, text);
    const current = node.configuration;
    const decision = decideApply(request.mode, {
      inMaintenance: node.inMaintenance,
      rebootPaths:
        current === undefined || configuration === undefined
          ? []
          : changesThatNeedReboot(current.v1alpha1, configuration.v1alpha1),
    });
    if (decision.refusal !== undefined) {
      throw new RpcError(status.INVALID_ARGUMENT, decision.refusal);
    }
    if (request.dryRun) {
      const changed = current?.text === text ? "No changes." : "(the lab shows no differences)";
      const modeDetails = `Dry run summary:\n${decision.modeDetails} (skipped in dry-run).\nConfig diff:\n\n${changed}`;
      return { messages: [{ mode: decision.mode, modeDetails }] };
    }
    if (decision.mode === "TRY") {
      revertAfter(node, request);
    } else {
      node.disk.machineConfiguration = text;
    }
    if (decision.mode === "REBOOT") {
      node.restartAfterReply("rebooting");
    } else if (decision.mode !== "STAGED" && configuration !== undefined) {
      await putInForce(node, configuration);
    }
    return { messages: [{ mode: decision.mode, modeDetails: decision.modeDetails, warnings }] };
  },
});

async function accept(
  node: SimulatedNode,
  text: string,
): Promise<{ configuration: MachineConfiguration | undefined; warnings: readonly string[] }> {
  if (node.faults.refuseConfiguration !== undefined) {
    throw new RpcError(status.INVALID_ARGUMENT, node.faults.refuseConfiguration);
  }
  const { warnings, error } = await node.surroundings.validator.validate(text, { mode: "metal" });
  if (error !== undefined) {
    // Go joins the findings of a configuration that did load under such a heading.
    const decoded = /^\d+ errors? occurred:/.test(error);
    const legacy = node.faults.legacyDecodeErrors && node.inMaintenance && !decoded;
    throw new RpcError(legacy ? status.UNKNOWN : status.INVALID_ARGUMENT, error);
  }
  const configuration = parseMachineConfiguration(text);
  if (configuration === undefined && !node.inMaintenance) {
    throw new RpcError(
      status.INVALID_ARGUMENT,
      "the applied machine configuration doesn't contain v1alpha1 config, did you mean to patch the machine config instead?",
    );
  }
  return { configuration, warnings };
}

async function putInForce(node: SimulatedNode, configuration: MachineConfiguration): Promise<void> {
  if (node.inMaintenance) {
    node.restartAfterReply("installing", () => install(node, configuration));
  } else {
    await node.activate(configuration);
  }
}

/** What is installed is what the configuration names, not what the machine was booted with. */
function install(node: SimulatedNode, { installerImage = "" }: MachineConfiguration): void {
  const tag = imageTag(installerImage);
  if (tag !== undefined && /^v\d+\.\d+\.\d+/.test(tag)) {
    node.disk.talosVersion = tag;
  }
}

function revertAfter(node: SimulatedNode, request: ApplyConfigurationRequest): void {
  const seconds = Number(request.tryModeTimeout?.seconds ?? 0);
  node.life.schedule(seconds > 0 ? seconds * 1000 : DEFAULT_TRY_MS, () => {
    const stored = node.disk.machineConfiguration;
    const previous = stored === undefined ? undefined : parseMachineConfiguration(stored);
    if (previous !== undefined) {
      node.inBackground(node.activate(previous));
    }
  });
}
