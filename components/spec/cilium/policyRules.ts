import * as z from "zod/mini";

import { field, optionalField } from "../field";
import { selectorSchema } from "./labelSelector";

/** Groups of peers that the CRDs know by name; world-ipv4 and world-ipv6 are not among them. */
export const entities = [
  "all",
  "cluster",
  "health",
  "host",
  "ingress",
  "init",
  "kube-apiserver",
  "none",
  "remote-node",
  "unmanaged",
  "world",
] as const;

const port = z.strictObject({
  port: field(z.string(), "Number or name of a port, in quotes.", { examples: ["443"] }),
  endPort: optionalField(z.int(), "Last port of a range."),
  protocol: optionalField(
    z.enum(["TCP", "UDP", "SCTP", "ANY"]),
    "Protocol. Left out: any of them.",
  ),
});

const http = z.strictObject({
  method: optionalField(z.string(), "Method, a regular expression.", { examples: ["GET"] }),
  path: optionalField(z.string(), "Path, a regular expression.", { examples: ["/public/.*"] }),
  host: optionalField(z.string(), "Host, a regular expression."),
  headers: optionalField(z.array(z.string()), "Headers that have to be there."),
});

const name = z.strictObject({
  matchName: optionalField(z.string(), "A DNS name.", { examples: ["api.example.org"] }),
  matchPattern: optionalField(z.string(), "A pattern of DNS names; * stands for a label's part.", {
    examples: ["*.example.org"],
  }),
});

const ports = optionalField(z.array(port), "Ports. Left out: all.");

const allowedPorts = optionalField(
  z.array(
    z.strictObject({
      ports,
      rules: optionalField(
        z.strictObject({
          http: optionalField(z.array(http), "Requests of HTTP that pass."),
          dns: optionalField(
            z.array(name),
            "Lookups that pass; rules about DNS names learn their addresses from them.",
          ),
        }),
        "What of layer 7 passes, by the proxy. One kind for each list of ports.",
      ),
    }),
  ),
  "Ports, and what passes on them. Left out: all.",
);

const deniedPorts = optionalField(z.array(z.strictObject({ ports })), "Ports. Left out: all.");

const cidrSet = z.strictObject({
  cidr: optionalField(z.string(), "A network in CIDR notation."),
  cidrGroupRef: optionalField(z.string(), "Name of one of cilium.cidrGroups, instead."),
  except: optionalField(z.array(z.string()), "Networks inside that are not meant."),
});

const service = z.strictObject({
  k8sService: field(
    z.strictObject({
      serviceName: field(z.string(), "Name of the Service."),
      namespace: optionalField(z.string(), "Its namespace."),
    }),
    "A Service of Kubernetes.",
  ),
});

/** Peers of one direction, `from` or `to`. */
function peers<D extends "from" | "to">(direction: D) {
  const fields = {
    Endpoints: optionalField(z.array(selectorSchema), "Pods, by selectors of labels."),
    Entities: optionalField(z.array(z.enum(entities)), "Groups that Cilium knows by name."),
    CIDR: optionalField(z.array(z.string()), "Networks outside the cluster."),
    CIDRSet: optionalField(z.array(cidrSet), "Networks outside the cluster, with exceptions."),
  };
  type Peers = { [K in keyof typeof fields as `${D}${K}`]: (typeof fields)[K] };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [`${direction}${key}`, value]),
  ) as unknown as Peers;
}

const toServices = optionalField(z.array(service), "Services, also of hosts outside the cluster.");

export const ingressRule = z.strictObject({ ...peers("from"), toPorts: allowedPorts });
export const ingressDenyRule = z.strictObject({ ...peers("from"), toPorts: deniedPorts });
export const egressRule = z.strictObject({
  ...peers("to"),
  toServices,
  toFQDNs: optionalField(
    z.array(name),
    "Hosts by DNS name. Works only with a rule for DNS that the same pods have.",
  ),
  toPorts: allowedPorts,
});
export const egressDenyRule = z.strictObject({ ...peers("to"), toServices, toPorts: deniedPorts });

export type EgressRule = z.output<typeof egressRule>;
export type IngressRule = z.output<typeof ingressRule>;
