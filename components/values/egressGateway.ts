import type { CiliumSpec } from "../spec";
import type { ChartValues } from "./chartValues";

/** The switches of what leaves the cluster through chosen nodes, and of what stays on the node. */
export function egressGatewayValues(
  input: Partial<Pick<CiliumSpec, "egressGateway" | "localRedirectPolicies">>,
): ChartValues {
  const { egressGateway, localRedirectPolicies } = input;
  const { addressMatcherCIDRs } = localRedirectPolicies ?? {};
  return {
    ...(egressGateway && { egressGateway: { enabled: true } }),
    ...(localRedirectPolicies && {
      localRedirectPolicies: {
        enabled: true,
        ...(addressMatcherCIDRs && { addressMatcherCIDRs }),
      },
    }),
  };
}
