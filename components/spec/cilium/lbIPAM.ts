import * as z from "zod/mini";

import { field, optionalField } from "../field";
import { labelSelector } from "./labelSelector";

const block = z.strictObject({
  cidr: optionalField(z.string(), "A network in CIDR notation.", { examples: ["10.5.0.128/26"] }),
  start: optionalField(z.string(), "First address of a range.", { examples: ["10.5.0.200"] }),
  stop: optionalField(z.string(), "Last address of a range. Left out: the first alone."),
});

const pool = z.strictObject({
  blocks: field(z.array(block), "Networks or ranges that addresses are taken from."),
  serviceSelector: labelSelector("Services that the pool is for. Left out: all."),
  allowFirstLastIPs: optionalField(
    z.enum(["Yes", "No"]),
    "Whether the first and last address of a network are given out. Left out: Yes.",
  ),
  disabled: optionalField(z.boolean(), "Whether nothing new is taken from it."),
});

export const lbIPAM = optionalField(
  z.strictObject({
    pools: field(
      z.record(z.string(), pool),
      "Pools by name. A pool alone is not reachable from outside: it needs L2 announcements, BGP or a route.",
    ),
  }),
  "Addresses for Services of type LoadBalancer. Left out: none.",
);
