import * as z from "zod/mini";

import { optionalField } from "../field";

export const managedBy = optionalField(
  z.enum(["flux", "argocd"]),
  "Who manages a Cilium that runs from now on: the release or its objects leave the program and stay in the cluster, and the output `handOver` holds what Flux or Argo CD goes on with. Left out: this program.",
);
