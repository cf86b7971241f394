import { parseAddress } from "../cidr";
import { isEndpointUri, parseGoUrl } from "../configPatches/goUrl";
import { isHostName } from "../kubernetesNames";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import type { Finding, Rule } from "./rule";

/** What every machine is told. */
export const machineRules: readonly Rule[] = [
  { id: "cert-san", check: certSAN },
  { id: "registry-mirror-name", check: registryMirrorName },
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

// Machines look for the mirrors of an image by its registry alone, letter by letter.
function* registryMirrorName({ registryMirrors }: ClusterSpec): Iterable<Finding> {
  for (const got of Object.keys(registryMirrors)) {
    if (got === "*" || isRegistry(got)) continue;
    const [, host = ""] = /^\s*(?:\w+:\/\/)?(?:[^/]*@)?([^/\s]+)/.exec(got) ?? [];
    yield {
      propertyPath: propertyPath(["registryMirrors", got]),
      got,
      reason: "no image is of a registry of this name, so none would come from the mirror",
      fix: isRegistry(host)
        ? `write ${host}`
        : "write the host of a registry, such as docker.io or registry.example.org:5000, or * for all",
    };
  }
}

/** Whether names of images begin with it; one of a single word is a folder of Docker Hub. */
function isRegistry(text: string): boolean {
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]*)\]|([^:[\]]+))(:\d+)?$/.exec(text) ?? [];
  if (bracketed !== undefined) return parseAddress(bracketed)?.family === "IPv6";
  const isWhole = port !== undefined || /^localhost$|[.A-Z]/.test(plain);
  return isWhole && isFound(plain);
}

/** Whether a host can be looked up by machines, which take underscores and a dot at the end. */
function isFound(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "").replaceAll("_", "0");
  return parseAddress(host) !== undefined || isHostName(name);
}

function* registryMirror({ registryMirrors }: ClusterSpec): Iterable<Finding> {
  for (const [registry, { endpoints }] of Object.entries(registryMirrors)) {
    for (const [index, got] of endpoints.entries()) {
      const host = parseGoUrl(got)?.hostname ?? "";
      const isUrl = /^https?:\/\/[^/]/i.test(got) && isEndpointUri(got);
      if (isUrl && (host.includes("%") || isFound(host))) continue;
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
