/** A `cilium` of the cluster spec without its version. */
interface ObjectCase {
  readonly cilium: object;
  /** Values of the `secrets` that it names. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Every feature that makes objects, with all its fields, by the name of its golden file. */
export const objectCases: Readonly<Record<string, ObjectCase>> = {
  "lb-ipam": {
    cilium: {
      lbIPAM: {
        pools: {
          home: {
            blocks: [{ cidr: "10.5.0.128/26" }, { start: "10.5.0.200", stop: "10.5.0.220" }],
            allowFirstLastIPs: "No",
            serviceSelector: {
              matchLabels: { tier: "front" },
              matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }],
            },
          },
          v6: { blocks: [{ cidr: "fd00:5::/64" }], disabled: true },
        },
      },
    },
  },
  monitoring: {
    cilium: {
      hubble: { relay: true },
      monitoring: { serviceMonitors: true, interval: "30s", labels: { release: "prometheus" } },
      values: { hubble: { metrics: { enabled: ["drop", "flow"] } } },
    },
  },
  "serving-cert-approver": { cilium: { servingCertApprover: {} } },
};
