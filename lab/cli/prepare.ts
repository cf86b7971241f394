import type { ClusterSpec } from "../../components/spec";
import { lookForBinary } from "../binaries/ensureBinaries";
import { hasLanguageHost } from "../engine/languageHost";
import { getEquipment, type Equipment } from "./equipment";
import { describeParts, type Parts } from "./parts";
import { readCluster } from "./readCluster";
import { installedProviders, type ProviderName } from "./realProviders";
import { say, type Session } from "./session";
import type { Stack } from "./stack";

/** What a command needs before it can change anything. */
export interface Prepared extends Equipment {
  spec: ClusterSpec;
}

/**
 * Reads the configuration, says what is real, and gets the binaries.
 *
 * @param here the equipment, where it is known to be there
 * @throws ConfigurationError before anything was fetched
 */
export async function prepare(session: Session, here?: Equipment): Promise<Prepared> {
  const { stack } = session;
  const spec = readCluster(stack);
  const tell = (parts: Parts) => {
    for (const line of describeParts(stack.name, spec, parts)) say(session, line);
  };
  const early = here ? partsOf(here.binaries.pulumi, here.real) : partsSoFar(stack);
  tell(early);
  const { binaries, real } = here ?? (await getEquipment(session));
  const known = partsOf(binaries.pulumi, real);
  if (
    Object.keys(known).some((part) => known[part as keyof Parts] !== early[part as keyof Parts])
  ) {
    tell(known);
  }
  return { spec, binaries, real };
}

function partsSoFar(stack: Stack): Parts {
  const cli = lookForBinary("pulumi");
  return cli
    ? partsOf(cli, installedProviders(stack))
    : { languageHost: undefined, talosProvider: undefined, kubernetesProvider: undefined };
}

function partsOf(cli: string, real: Set<ProviderName>): Parts {
  const kind = (is: boolean) => (is ? "real" : "stand-in");
  return {
    languageHost: kind(hasLanguageHost(cli)),
    talosProvider: kind(real.has("talos")),
    kubernetesProvider: kind(real.has("kubernetes")),
  };
}
