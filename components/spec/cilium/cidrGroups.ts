import * as z from "zod/mini";

import { optionalField } from "../field";

export const cidrGroups = optionalField(
  z.record(z.string(), z.array(z.string())),
  "Groups of networks outside the cluster by name, for cidrGroupRef of policies.",
  { examples: [{ office: ["203.0.113.0/24", "198.51.100.0/24"] }] },
);
