import type { CiliumSpec } from "../../schema";
import { selects } from "../nodeLabels";
import type { Finding } from "../rule";
import { at } from "./bgpParts";
import type { CiliumRule } from "./ciliumRule";

/** What peers are told, by the families of their configuration. */
export const bgpFamilyRules: readonly CiliumRule[] = [
  { id: "bgp-family", warns: true, check: bgpFamily },
];

// Others may be made elsewhere, so that it only warns.
function* bgpFamily({ bgpControlPlane }: CiliumSpec): Iterable<Finding> {
  const labels = Object.values(bgpControlPlane?.advertisements ?? {}).map(
    (each) => each.labels ?? {},
  );
  for (const [name, { families }] of Object.entries(bgpControlPlane?.peerConfigs ?? {})) {
    if (families.length === 0) {
      yield {
        propertyPath: at("peerConfigs", name, "families"),
        got: [],
        reason: "peers are told nothing without a family of addresses",
        fix: "write [{ afi: ipv4 }]",
      };
    }
    for (const [index, { advertisements: got }] of families.entries()) {
      if (!got || labels.some((each) => selects(got, each))) continue;
      yield {
        propertyPath: at("peerConfigs", name, "families", index, "advertisements"),
        got,
        reason: "no entry of advertisements has these labels, so that the peer is told nothing",
        fix: "add them to labels of an entry, or leave the selector out for all",
      };
    }
  }
}
