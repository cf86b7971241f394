import { Engine } from "../engine/engine";
import type { ProviderPorts } from "../engine/environment";
import type { Equipment } from "./equipment";
import type { LabState } from "./labState";
import { labProviders, type Session } from "./session";

/** The engine of a stack, mended where a killed run left something, attached to the lab's providers. */
export async function openEngine(
  { stack }: Session,
  { binaries, real }: Equipment,
  ports: ProviderPorts,
): Promise<Engine> {
  const engine = await Engine.open({
    cli: binaries.pulumi,
    projectDirectory: stack.projectDirectory,
    stackName: stack.name,
    stackFile: stack.file,
    dir: stack.dir,
    helm: binaries.helm,
    providers: labProviders(ports, real),
  });
  for (const line of engine.healed) console.log(`  ${line}`);
  return engine;
}

/** Where a running lab serves its providers. */
export function portsOf(lab: LabState | undefined): ProviderPorts {
  return { talos: lab?.talosPort, kubernetes: lab?.kubernetesPort };
}
