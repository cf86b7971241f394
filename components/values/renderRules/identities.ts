import { on, type RenderRule } from "./renderRule";

/** Who an endpoint is, and what the operator keeps of endpoints and nodes. */
export const identityRules: readonly RenderRule[] = [
  {
    path: "authentication.enabled",
    since: 14,
    breaks: (values, minor) =>
      on(values, "authentication.mutual.spire.enabled") &&
      !on(values, "authentication.enabled", minor < 19),
    reason: "SPIRE proves identities to nobody while authentication is off",
    fix: "set it to true, or authentication.mutual.spire.enabled to false",
  },
  {
    path: "disableEndpointCRD",
    since: 14,
    breaks: (values) =>
      on(values, "ciliumEndpointSlice.enabled") && on(values, "disableEndpointCRD"),
    reason: "CiliumEndpointSlices are made of CiliumEndpoints",
    fix: "set it to false, or ciliumEndpointSlice.enabled to false",
  },
  {
    path: "operator.removeNodeTaints",
    since: 14,
    breaks: (values) =>
      on(values, "operator.setNodeTaints") && !on(values, "operator.removeNodeTaints", true),
    reason: "taints that operator.setNodeTaints sets would never go",
    fix: "set it to true",
  },
];
