import type { Problem } from "../problems";
import type { CiliumSpec } from "../spec";
import { ciliumObjects } from "./objects";

/** What does not go with the way in which Cilium is installed. Pure. */
export function methodProblems(cilium: CiliumSpec): Problem[] {
  switch (cilium.installMethod) {
    case "none":
      return objectsWithoutCilium(cilium);
    case "inline":
      return gatewayAPITooLate(cilium);
    default:
      return [];
  }
}

/** The operator looks for Gateway API once, when it starts, and Talos starts it before there is a way to wait. */
function gatewayAPITooLate({ gatewayAPI, installMethod }: CiliumSpec): Problem[] {
  if (!gatewayAPI) return [];
  return [
    {
      id: "gateway-api-inline",
      propertyPath: "cilium.gatewayAPI",
      got: { installMethod },
      reason:
        "Cilium starts with the bootstrap, before its CRDs can be there, and then Gateway API is off",
      fix: "choose the method release or manifests",
    },
  ];
}

/** Objects that wait for Cilium, where nothing here waits for it. */
function objectsWithoutCilium(cilium: CiliumSpec): Problem[] {
  const names = ciliumObjects(cilium)
    .filter(({ when }) => when !== "beforeRelease")
    .map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`);
  if (names.length === 0) return [];
  return [
    {
      id: "nothing-installs-cilium",
      propertyPath: "cilium.installMethod",
      got: cilium.installMethod,
      reason: `${names.join(", ")}: made behind a Cilium that runs, and nothing here installs or awaits one`,
      fix: "hand these objects to whatever installs Cilium, or choose another method",
    },
  ];
}
