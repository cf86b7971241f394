import * as z from "zod/mini";

import { defaultedField, optionalField } from "../field";

const schema = z.strictObject({
  bbr: defaultedField(
    z.boolean(),
    false,
    "Whether pods' TCP goes by BBR. Needs eBPF host routing (datapath.hostRouting: ebpf).",
  ),
  bbrHostNamespaceOnly: defaultedField(
    z.boolean(),
    false,
    "Whether only sockets of the host go by BBR, which needs no eBPF host routing; from Cilium 1.18.",
  ),
});

export type BandwidthManager = z.output<typeof schema>;

export const bandwidthManager = optionalField(
  schema,
  "Limits of bandwidth that pods ask for, by eBPF; {} switches it on. Left out: off.",
);
