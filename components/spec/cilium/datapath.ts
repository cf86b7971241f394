import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

const bigTCP = z.strictObject({
  ipv4: defaultedField(z.boolean(), false, "Whether for IPv4."),
  ipv6: defaultedField(z.boolean(), false, "Whether for IPv6."),
});

const schema = z.strictObject({
  mode: optionalField(
    z.enum(["veth", "netkit", "netkit-l2"]),
    "Devices of the pods. Left out: veth. Pods have to start anew after a change.",
    { examples: ["netkit"] },
  ),
  hostRouting: optionalField(
    z.enum(["ebpf", "legacy"]),
    "Whether packets pass the host's own stack. `ebpf` goes past it and masquerades by eBPF, and CoreDNS then does not ask the machine's resolver. Left out: legacy, unless values say otherwise.",
    { examples: ["ebpf"] },
  ),
  masquerade: optionalField(
    z.enum(["bpf", "iptables"]),
    "What masquerades. Left out: bpf with eBPF host routing, else iptables.",
  ),
  bigTCP: optionalField(
    bigTCP,
    "Packets larger than 64 KiB inside the node. Needs native routing and eBPF host routing.",
  ),
});

export type Datapath = z.output<typeof schema>;

export const datapath = optionalField(
  schema,
  "Devices of the pods, and the way past the host's stack.",
);
