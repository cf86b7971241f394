import type { ChartValues } from "./chartValues";

/**
 * Keys that the chart has without a value, as empty ones. Helm 4, which Flux and newer CLIs have, takes such a
 * key for absent and leaves out of `cilium-config` and of the agents' flags what Helm 3, which makes the
 * release, writes empty; even where the texts are the same their checksum on the pods is not. So every
 * change between install methods and engines would restart all agents.
 */
export const EMPTY_KEYS: ChartValues = {
  debug: { verbose: "" },
  k8s: { apiServerURLs: "" },
  nodePort: { addresses: [] },
  policyCIDRMatchMode: [],
};
