import * as z from "zod/mini";

import { DEFAULT_INSTALL_METHOD } from "../defaults";
import { defaultedField } from "../field";

/** Ways to bring Cilium into a cluster. */
export const installMethods = ["release", "manifests", "inline", "none"] as const;

export type InstallMethod = (typeof installMethods)[number];

export const installMethod = defaultedField(
  z.enum(installMethods),
  DEFAULT_INSTALL_METHOD,
  "Who installs Cilium, and when: `release`, Helm behind the gate of the API server; `manifests`, the chart's objects one by one at the same moment; `inline`, Talos during its bootstrap, out of the machine configuration of control planes; `none`, nobody here, for a CNI that GitOps brings.",
);

/** Whether the program renders the chart itself. Pure. */
export function isRendered(method: InstallMethod): boolean {
  return method === "manifests" || method === "inline";
}
