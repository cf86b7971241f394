import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";
import { encryptionTypes } from "./encryption";

const id = z.int().check(z.minimum(1), z.maximum(511));

const service = z.strictObject({
  type: optionalField(
    z.enum(["NodePort", "LoadBalancer", "ClusterIP"]),
    "How other clusters reach this one. Left out: NodePort.",
  ),
  nodePort: optionalField(z.int(), "Port at each node. Left out: 32379."),
  annotations: optionalField(z.record(z.string(), z.string()), "Annotations of the Service."),
});

const peer = z.strictObject({
  id: field(id, "Its id."),
  ips: optionalField(z.array(z.string()), "Addresses of its nodes. Exclusive with address.", {
    examples: [["10.6.0.11"]],
  }),
  address: optionalField(z.string(), "DNS name that leads to it. Exclusive with ips."),
  port: defaultedField(
    z.int().check(z.minimum(1), z.maximum(65535)),
    32379,
    "Port that it is reached at: 2379 behind a load balancer.",
  ),
  podSubnets: field(z.array(z.string()), "Networks of its pods, which share nothing with ours.", {
    examples: [["10.245.0.0/16"]],
  }),
  routingMode: optionalField(
    z.enum(["tunnel", "native"]),
    "How its packets go to other nodes, which has to be our way. Left out: not judged.",
  ),
  tunnelProtocol: optionalField(
    z.enum(["vxlan", "geneve"]),
    "Protocol of its tunnels, which has to be ours. Left out: not judged.",
  ),
  encryption: optionalField(
    z.enum([...encryptionTypes, "none"]),
    "How its traffic is encrypted: all of a mesh have WireGuard, or none has. Left out: not judged.",
  ),
});

const schema = z.strictObject({
  name: field(z.string(), "Name of this cluster, which no other of the mesh has.", {
    examples: ["home"],
  }),
  id: field(
    id,
    "Id of this cluster, which no other of the mesh has. Another one wants all pods made anew.",
    {
      examples: [1],
    },
  ),
  service: optionalField(service, "How other clusters reach this one."),
  clusters: defaultedField(z.record(z.string(), peer), {}, "The other clusters, by their names."),
});

export type ClusterMesh = z.output<typeof schema>;
/** A cluster as the others of its mesh know it. */
export type MeshPeer = z.output<typeof peer>;

export const clusterMesh = optionalField(
  schema,
  "Services and policies across clusters. All of a mesh have one CA. Left out: none.",
);
