import { parseAddress } from "../cidr";
import { isHostName } from "../kubernetesNames";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** What every machine is told. */
export const machineRules: readonly Rule[] = [
  { id: "cert-san", check: certSAN },
  { id: "registry-mirror", check: registryMirror },
  { id: "kubelet-arg", check: kubeletArg },
];

function* certSAN({ certSANs }: ClusterSpec): Iterable<Finding> {
  for (const [index, got] of certSANs.entries()) {
    // Certificates know wildcards, and Go's clients bear underscores and capitals.
    const name = got.toLowerCase().replace(/^\*\./, "").replaceAll("_", "0");
    // A private key is named by a rule of its own.
    if (parseAddress(got) || isHostName(name) || got.includes("PRIVATE KEY")) continue;
    const host = URL.canParse(got) ? new URL(got).hostname.replace(/^\[|\]$/g, "") : "";
    yield {
      propertyPath: `certSANs[${index}]`,
      got,
      reason: "it is neither a DNS name nor an address, and no client would find itself in it",
      fix: `write ${parseAddress(host) || isHostName(host) ? host : "for example api.example.org or 10.5.0.100"}`,
    };
  }
}

function* registryMirror({ registryMirrors }: ClusterSpec): Iterable<Finding> {
  for (const [registry, { endpoints }] of Object.entries(registryMirrors)) {
    for (const [index, got] of endpoints.entries()) {
      if (/^https?:\/\/[^/]/i.test(got) && URL.canParse(got)) continue;
      yield {
        propertyPath: propertyPath(["registryMirrors", registry, "endpoints", index]),
        // A user and password may stand in it.
        got: got.replace(/^(\w+:\/\/)?.*@/, "$1[secret]@"),
        reason: "machines pull images from http:// or https:// and a host",
        fix: /^[\w.-]+(:\d+)?(\/|$)/.test(got)
          ? `write https://${got}`
          : "write a URL such as https://mirror.example.org",
      };
    }
  }
}

function* kubeletArg({ kubelet: { extraArgs } }: ClusterSpec): Iterable<Finding> {
  for (const got of Object.keys(extraArgs)) {
    if (/^[^-\s=][^\s=]*$/.test(got)) continue;
    const name = got.replace(/^-+/, "").split(/[\s=]/)[0];
    yield {
      propertyPath: propertyPath(["kubelet", "extraArgs", got]),
      got,
      reason:
        "Talos writes the two dashes and the = itself, and no kubelet starts with more of them",
      fix: name ? `write ${name}` : "write the name of an argument, such as v",
    };
  }
}
