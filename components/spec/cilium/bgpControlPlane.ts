import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";
import { labelSelector } from "./labelSelector";

const peer = z.strictObject({
  name: field(z.string(), "Name of the peer."),
  peerASN: field(z.int(), "Its autonomous system number.", { examples: [64512] }),
  peerAddress: optionalField(z.string(), "Its address, without a mask.", {
    examples: ["10.5.0.1"],
  }),
  autoDiscovery: optionalField(
    z.enum(["ipv4", "ipv6"]),
    "Takes the default gateway of this family in place of an address, from Cilium 1.18.",
  ),
  peerConfig: optionalField(z.string(), "Entry of peerConfigs. Left out: nothing is advertised."),
});

const instance = z.strictObject({
  name: field(z.string(), "Name of the instance."),
  localASN: field(z.int(), "Own autonomous system number.", { examples: [64513] }),
  localPort: optionalField(
    z.int(),
    "Port that peers connect to. Left out: the nodes only connect out.",
  ),
  peers: field(z.array(peer), "Routers that the nodes peer with."),
});

const clusterConfig = z.strictObject({
  nodeSelector: labelSelector("Nodes that peer. Left out: all. A node belongs to one entry."),
  bgpInstances: field(z.array(instance), "Instances of BGP on each of these nodes."),
});

const family = z.strictObject({
  afi: field(z.enum(["ipv4", "ipv6"]), "Address family."),
  advertisements: labelSelector(
    "Advertisements by their labels. Left out: every one of this spec.",
  ),
});

const peerConfig = z.strictObject({
  families: field(z.array(family), "What is advertised in which family."),
  passwordFrom: optionalField(
    z.string(),
    "Name of a secret of the stack with the password of TCP MD5.",
  ),
  authSecretRef: optionalField(
    z.string(),
    "Secret in kube-system with a key `password` that somebody else makes.",
  ),
  ebgpMultihop: optionalField(z.int(), "Hops to a peer in another system. Left out: 1."),
  gracefulRestart: optionalField(
    z.boolean(),
    "Whether peers keep routes while an agent restarts. Left out: no.",
  ),
  restartTimeSeconds: optionalField(z.int(), "For how long. Left out: 120."),
  connectRetryTimeSeconds: optionalField(z.int(), "Time between two attempts. Left out: 120."),
  holdTimeSeconds: optionalField(z.int(), "Silence after which a peer is gone. Left out: 90."),
  keepAliveTimeSeconds: optionalField(z.int(), "Time between two signs of life. Left out: 30."),
  peerPort: optionalField(z.int(), "Port of the peer. Left out: 179."),
});

/** What can be advertised; a Service has several addresses. */
export const advertisementTypes = ["PodCIDR", "CiliumPodIPPool", "Service", "Interface"] as const;

const advertised = z.strictObject({
  advertisementType: field(z.enum(advertisementTypes), "What is advertised."),
  selector: labelSelector("Services or pools that are. Left out: all. Not for PodCIDR."),
  addresses: optionalField(
    z.array(z.enum(["LoadBalancerIP", "ClusterIP", "ExternalIP"])),
    "For Service: which of its addresses. Left out: LoadBalancerIP.",
  ),
  interface: optionalField(z.string(), "For Interface: whose addresses are advertised."),
  communities: optionalField(
    z.array(z.string()),
    "Communities: standard `64512:100`, large `64512:1:2`, or well-known such as no-export.",
  ),
  localPreference: optionalField(z.int(), "Preference within the own system."),
});

const advertisement = z.strictObject({
  labels: optionalField(
    z.record(z.string(), z.string()),
    "Labels that families of peerConfigs select it by.",
  ),
  advertisements: field(z.array(advertised), "What is advertised."),
});

const nodeConfigOverride = z.strictObject({
  bgpInstances: field(
    z.array(
      z.strictObject({
        name: field(z.string(), "Instance of the node's clusterConfigs entry."),
        routerID: optionalField(z.string(), "Router ID, in the form of an IPv4 address."),
        localASN: optionalField(z.int(), "Own autonomous system number of this node."),
        localPort: optionalField(z.int(), "Port that peers connect to."),
        peers: optionalField(
          z.array(
            z.strictObject({
              name: field(z.string(), "Peer of the instance."),
              localAddress: optionalField(z.string(), "Address that this node connects from."),
              localPort: optionalField(z.int(), "Port that this node connects from."),
            }),
          ),
          "What is other for a peer.",
        ),
      }),
    ),
    "What is other on this node.",
  ),
});

export const bgpControlPlane = optionalField(
  z.strictObject({
    clusterConfigs: field(z.record(z.string(), clusterConfig), "Who peers with whom, by name."),
    peerConfigs: defaultedField(
      z.record(z.string(), peerConfig),
      {},
      "How peers are spoken to, by name.",
    ),
    advertisements: defaultedField(
      z.record(z.string(), advertisement),
      {},
      "What peers are told, by name.",
    ),
    nodeConfigOverrides: defaultedField(
      z.record(z.string(), nodeConfigOverride),
      {},
      "What is other on one node, by its hostname.",
    ),
    routerIDPool: optionalField(
      z.string(),
      "IPv4 network that router IDs are taken from, from Cilium 1.18; nodes without IPv4 need it. Left out: the address of each node.",
      { examples: ["10.42.0.0/24"] },
    ),
  }),
  "BGP: tells routers where pods and Services are. Left out: none.",
);
