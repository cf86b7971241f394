import type { Datapath } from "../spec/cilium/datapath";
import type { ChartValues } from "./chartValues";

/**
 * The devices of the pods, and whether packets pass the host's stack. Going past it wants eBPF to
 * masquerade; without that agents fall back in silence.
 */
export function datapathValues(input: { readonly datapath?: Datapath }): ChartValues {
  if (!input.datapath) return {};
  const { mode, hostRouting, bigTCP } = input.datapath;
  const masquerade = input.datapath.masquerade ?? (hostRouting === "ebpf" ? "bpf" : undefined);
  const bpf = {
    ...(mode !== undefined && { datapathMode: mode }),
    ...(masquerade !== undefined && { masquerade: masquerade === "bpf" }),
    ...(hostRouting !== undefined && { hostLegacyRouting: hostRouting === "legacy" }),
  };
  return {
    ...(Object.keys(bpf).length > 0 && { bpf }),
    ...(bigTCP?.ipv4 && { enableIPv4BIGTCP: true }),
    ...(bigTCP?.ipv6 && { enableIPv6BIGTCP: true }),
  };
}
