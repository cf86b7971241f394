import * as z from "zod/mini";

import { optionalField } from "../field";

export const policyAuditMode = optionalField(
  z.boolean(),
  "Whether policies, those of hosts too, only note what they would drop. Left out: false.",
);
