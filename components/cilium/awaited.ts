import type { Expected } from "../gates/notReady";
import type { CiliumSpec } from "../spec";
import { type CiliumObject, requiredCRDs } from "./objects";

/**
 * What the readiness gate awaits beyond nodes and pods: what new values or another version bring. Nothing
 * with `managedBy`, where these leave the program in an output of the run that the gate would hold up. Pure.
 *
 * @param objects that come behind the gate
 */
export function awaitedOf(
  { gatewayAPI, managedBy }: Pick<CiliumSpec, "gatewayAPI" | "managedBy">,
  objects: readonly CiliumObject[],
): Pick<Expected, "crds" | "gatewayClass"> {
  if (managedBy) return {};
  const crds = requiredCRDs(objects);
  return { ...(crds.length > 0 && { crds }), ...(gatewayAPI && { gatewayClass: "cilium" }) };
}
