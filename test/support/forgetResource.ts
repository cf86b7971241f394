import { writeFileSync } from "node:fs";
import path from "node:path";

import type { TestLab } from "./testLab";

/** As a run leaves the state that died between the deed and the note. */
export async function forgetResource(lab: TestLab, name: string): Promise<void> {
  const state = (await lab.exportState()) as { deployment: { resources: { urn: string }[] } };
  const urn = state.deployment.resources.find((each) => each.urn.endsWith(`::${name}`))!.urn;
  const isIt = (item: unknown) => item === urn || (item as { urn?: string } | null)?.urn === urn;
  const forgetful = JSON.stringify(state, (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((item) => !isIt(item)) : value,
  );
  const file = path.join(lab.dir, "forgetful.json");
  writeFileSync(file, forgetful);
  await lab.shell(`pulumi stack import --file ${file}`);
}
