import * as z from "zod/mini";

import { DEFAULT_INSTALL_METHOD } from "../defaults";
import { defaultedField, field, optionalField } from "../field";

/** Ways to bring Cilium into a cluster. */
export const installMethods = [
  "release",
  "manifests",
  "inline",
  "hosted",
  "job",
  "cli",
  "none",
] as const;

export type InstallMethod = (typeof installMethods)[number];

export const installMethod = defaultedField(
  z.enum(installMethods),
  DEFAULT_INSTALL_METHOD,
  "Who installs Cilium, and when: `release`, Helm behind the gate of the API server; `manifests`, the chart's objects one by one at the same moment; `cli`, Cilium's CLI on PATH, then too; `inline`, Talos during its bootstrap, out of the machine configuration of control planes; `hosted`, the same from a web server of yours; `job`, a Job of Cilium's CLI during the bootstrap (legacy); `none`, nobody here, for a CNI that GitOps brings.",
);

export const hosted = optionalField(
  z.strictObject({
    url: field(z.string(), "Where control planes fetch the manifest, http or https.", {
      examples: ["https://files.example.org/cilium.yaml"],
    }),
    file: optionalField(
      z.string(),
      "File that each run writes, previews too, for the web server. Left out: cilium-<clusterName>.yaml.",
    ),
  }),
  "For installMethod `hosted`.",
);

export const cli = optionalField(
  z.strictObject({
    version: field(
      z.string(),
      "Version of Cilium's CLI: the one on PATH has to be it, and the image of a Job is of it.",
      { examples: ["0.19.7"] },
    ),
    image: optionalField(
      z.string(),
      "Image of the Job, best with its digest. Left out: quay.io/cilium/cilium-cli:v<version>.",
    ),
  }),
  "For the installMethods `cli` and `job`.",
);

/** Whether the program renders the chart itself. Pure. */
export function isRendered(method: InstallMethod): boolean {
  return method === "manifests" || method === "inline" || method === "hosted";
}

/** Whether Talos applies it, out of the configuration of control planes. Pure. */
export function isByTalos(method: InstallMethod): boolean {
  return method === "inline" || method === "hosted" || method === "job";
}
