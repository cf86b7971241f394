import * as z from "zod/mini";

import { optionalField } from "../field";

const schema = z.strictObject({
  mode: optionalField(
    z.enum(["tunnel", "native"]),
    "Whether packets to other nodes go through tunnels or as they are. Left out: tunnel.",
    { examples: ["native"] },
  ),
  tunnelProtocol: optionalField(
    z.enum(["vxlan", "geneve"]),
    "Protocol of the tunnels. Left out: vxlan.",
  ),
  ipv4NativeRoutingCIDR: optionalField(
    z.string(),
    "Network that is routed as it is and not masqueraded. Left out: the IPv4 network of podSubnets, or the one pool that ipam names.",
    { examples: ["10.244.0.0/16"] },
  ),
  ipv6NativeRoutingCIDR: optionalField(
    z.string(),
    "The same for IPv6. Left out: the IPv6 network of podSubnets, or the one pool.",
    { examples: ["fd00:10:244::/56"] },
  ),
  autoDirectNodeRoutes: optionalField(
    z.boolean(),
    "Whether nodes route to one another's pods themselves, for which they share one segment. Left out: true with native routing.",
  ),
  directRoutingSkipUnreachable: optionalField(
    z.boolean(),
    "Whether such routes are left out to nodes of another segment. Left out: false.",
  ),
  mtu: optionalField(
    z.int().check(z.minimum(1280), z.maximum(65535)),
    "Largest packet of the network below, in bytes. Left out: that of the device, and KubeSpan's where it runs.",
    { examples: [1420] },
  ),
});

export type Routing = z.output<typeof schema>;

export const routing = optionalField(schema, "How packets find the pods of other nodes.");
