import * as z from "zod/mini";

import { optionalField } from "../field";

const schema = z.strictObject({
  mode: optionalField(
    z.enum(["snat", "dsr", "hybrid"]),
    "How answers go back: through the node that was asked, directly (dsr), or directly for TCP only (hybrid). Left out: snat.",
    { examples: ["dsr"] },
  ),
  dsrDispatch: optionalField(
    z.enum(["opt", "ipip", "geneve"]),
    "How the address of the service is handed on with dsr. Left out: opt.",
  ),
  algorithm: optionalField(
    z.enum(["random", "maglev"]),
    "How a backend is chosen. Left out: random.",
    { examples: ["maglev"] },
  ),
  maglevTableSize: optionalField(
    z.int(),
    "Entries of Maglev's table, a prime about a hundred times the backends of a service. Left out: 16381.",
    { examples: [65521] },
  ),
  acceleration: optionalField(
    z.enum(["disabled", "native", "best-effort"]),
    "Whether the driver of the network card balances, by XDP. Left out: disabled.",
    { examples: ["best-effort"] },
  ),
});

export type LoadBalancer = z.output<typeof schema>;

export const loadBalancer = optionalField(
  schema,
  "How services are balanced. Needs kubeProxyReplacement.",
);
