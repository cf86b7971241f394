import { BINARY_NAMES, type BinaryName } from "../binaries/catalog";
import { ensureBinaries, lookForBinary } from "../binaries/ensureBinaries";
import { INTERRUPTED } from "./interrupts";
import {
  fetchProviders,
  installedProviders,
  pluginsToFetch,
  type ProviderName,
} from "./realProviders";
import type { Session } from "./session";
import type { Stack } from "./stack";

/** What the engine runs with. */
export interface Equipment {
  /** Paths by name. */
  binaries: Record<BinaryName, string>;
  /** Providers that are the real plugins. */
  real: Set<ProviderName>;
}

/** The equipment where nothing of it has to be fetched first. */
export function equipmentHere(stack: Stack): Equipment | undefined {
  const found = BINARY_NAMES.map((name) => [name, lookForBinary(name)] as const);
  if (found.some(([, path]) => !path)) return undefined;
  const real = installedProviders(stack);
  if (pluginsToFetch(real).length > 0) return undefined;
  return { binaries: Object.fromEntries(found) as Record<BinaryName, string>, real };
}

/** Gets what is missing; an interrupt meanwhile ends the process, since nothing else runs. */
export async function getEquipment(session: Session): Promise<Equipment> {
  const binaries = await binaryPaths(session);
  return { binaries, real: await fetchProviders(session.stack, binaries.pulumi, session.progress) };
}

/** The paths of all binaries; an interrupt meanwhile ends the process, since nothing else runs. */
export async function binaryPaths({
  progress,
  signal,
}: Pick<Session, "progress" | "signal">): Promise<Record<BinaryName, string>> {
  const end = () => process.exit(INTERRUPTED);
  signal.addEventListener("abort", end);
  try {
    const found = await ensureBinaries(BINARY_NAMES, { progress });
    return Object.fromEntries(BINARY_NAMES.map((name) => [name, found[name].path])) as Record<
      BinaryName,
      string
    >;
  } finally {
    signal.removeEventListener("abort", end);
  }
}
