import type { ClusterSpec, NodeSpec } from "../../components/spec";
import type { ClientCredentials } from "../../talosApi";
import { formatLocated, type StackFileReading } from "../stackFile/readStackFile";
import { endpointFindings } from "./endpoint";
import { type Finding, findingsOf } from "./finding";
import { lookAtEndpoint } from "./lookAtEndpoint";
import { lookAtMachine } from "./lookAtMachine";
import { lookAtSource } from "./lookAtSource";
import { type MachineFacts, machineFindings } from "./machines";
import { sourceFinding, sourcesOf } from "./registries";

const { ok, warn, fail } = findingsOf("configuration");

/**
 * What the stack file is worth: its problems and, where it is valid, which versions it brings up.
 *
 * @param wanted how the stack was asked for, which finds it for `validate` as well
 */
export function configurationFindings(
  { spec, problems, warnings }: StackFileReading,
  file: string,
  wanted: string,
): Finding[] {
  const see = `run npm run validate -- ${wanted}, which says where and what to write`;
  if (!spec) {
    const first = formatLocated(problems.slice(0, 1), file, "").trim().split("\n")[0]!;
    const more = problems.length > 1 ? ` and ${problems.length - 1} more` : "";
    return [fail(file, `it is not valid: ${first.replace(/^- /, "")}${more}`, see)];
  }
  const versions = `Talos ${spec.talosVersion}, Kubernetes ${spec.kubernetesVersion}, Cilium ${spec.cilium.version}`;
  return [
    ok(file, `it is valid: ${versions} go together`),
    ...warnings.map(({ propertyPath, reason, fix }) =>
      warn(file, `${propertyPath}: ${reason}`, fix),
    ),
  ];
}

/** Why nothing could be looked at, for who reads findings only. */
export function refusal(wanted: string | undefined, error: Error): Finding {
  return fail(wanted ?? "doctor", error.message, "correct it, then run this again");
}

/** Looks at machines, endpoint and registries side by side; each look has a time limit of its own. */
export async function examineCluster(
  spec: ClusterSpec,
  credentials: ClientCredentials | undefined,
): Promise<Finding[]> {
  const sources = sourcesOf(spec).map(async (source) =>
    sourceFinding(source, await lookAtSource(source)),
  );
  const [machines, endpoint, registries] = await Promise.all([
    Promise.all(spec.nodes.map(async (node) => ({ node, facts: await look(node, credentials) }))),
    lookAtEndpoint(spec.clusterEndpoint),
    Promise.all(sources),
  ]);
  const configured = machines.filter(({ facts: { state } }) =>
    ["configured", "locked"].includes(state.kind),
  ).length;
  const ofMachines = machines.flatMap(({ node, facts }) => machineFindings(node, facts, spec));
  return [...ofMachines, ...endpointFindings(endpoint, spec, configured), ...registries];
}

/** Credentials that cannot be used are a fault of each machine, like any other. */
async function look(node: NodeSpec, credentials?: ClientCredentials): Promise<MachineFacts> {
  try {
    return await lookAtMachine(node, credentials);
  } catch (error) {
    const what = (error as Error).message;
    const fix = "correct it, then run this again";
    return { state: { kind: "unreachable", fault: { what, fix, final: true } } };
  }
}
