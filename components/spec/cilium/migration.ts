import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";

/** How far a migration is, in order. */
export const migrationStages = ["planned", "beside", "nodes", "done"] as const;

const schema = z.strictObject({
  from: field(z.enum(["flannel"]), "What gives pods their network today: Talos' own Flannel."),
  stage: defaultedField(
    z.enum(migrationStages),
    "planned",
    "How far the next update goes: `planned`, nothing of Cilium yet; `beside`, Cilium runs and no pod uses it; `nodes`, they move one by one; `done`, all of the spec holds, and Flannel and kube-proxy are removed.",
  ),
  podSubnets: field(
    z.array(z.string()),
    "Networks that Cilium gives pods addresses from, for good. They share nothing with podSubnets.",
    { examples: [["10.245.0.0/16"]] },
  ),
  nodes: optionalField(
    z.array(z.string()),
    "Hostnames that move at stage nodes, in this order; more can follow. Left out: all, workers first.",
  ),
});

export type Migration = z.output<typeof schema>;
export type MigrationStage = Migration["stage"];

export const migration = optionalField(
  schema,
  "Takes a running cluster from Flannel to Cilium, one stage an update. It stays when it is done. Left out: Cilium is the first CNI.",
);

/** Whether the migration has come this far, which it has where there is none. Pure. */
export function hasReached(
  stage: MigrationStage,
  migration: Pick<Migration, "stage"> | undefined,
): boolean {
  if (!migration) return true;
  return migrationStages.indexOf(migration.stage) >= migrationStages.indexOf(stage);
}
