import { propertyPath } from "../propertyPath";
import type { CiliumSpec } from "../schema";

/** A secret of the stack that a feature names, and where it does. */
export interface NamedSecret {
  readonly name: string;
  readonly propertyPath: string;
}

/** Every secret that the features of Cilium name. */
export function ciliumSecrets({ bgpControlPlane, gatewayAPI }: CiliumSpec): NamedSecret[] {
  const found: NamedSecret[] = [];
  const add = (name: string | undefined, ...path: readonly string[]) => {
    if (name !== undefined) found.push({ name, propertyPath: propertyPath(["cilium", ...path]) });
  };
  for (const [name, { passwordFrom }] of Object.entries(bgpControlPlane?.peerConfigs ?? {})) {
    add(passwordFrom, "bgpControlPlane", "peerConfigs", name, "passwordFrom");
  }
  for (const [gateway, { listeners }] of Object.entries(gatewayAPI?.gateways ?? {})) {
    for (const [listener, { tls }] of Object.entries(listeners)) {
      const at = ["gatewayAPI", "gateways", gateway, "listeners", listener, "tls"];
      add(tls?.certificateFrom, ...at, "certificateFrom");
      add(tls?.privateKeyFrom, ...at, "privateKeyFrom");
    }
  }
  return found;
}
