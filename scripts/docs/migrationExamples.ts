import type { MigrationFacts, NodeFacts } from "../../components/migration/facts";
import { forgottenMigration, migrationProblems } from "../../components/migration/problems";
import type { MigrationTarget } from "../../components/migration/target";
import type { Problem } from "../../components/problems";

const podSubnets = ["10.245.0.0/16"];

/** What is said of clusters that cannot go from Flannel to Cilium, each with the least that shows it. */
export function migrationExamples(): Problem[] {
  const node = (ip: string): NodeFacts => ({
    ...{ hostname: "worker-1", isReady: true, isCordoned: false, isLabelled: false },
    ...{ cordonedBefore: undefined, agentBefore: undefined, agent: undefined },
    pods: [
      {
        ...{ namespace: "default", name: "web-1", ip },
        ...{ isBare: false, returns: false, isLeaving: false },
      },
    ],
  });
  const said = (
    stage: MigrationTarget["stage"],
    seen: Partial<MigrationFacts>,
    ip = "10.244.1.2",
  ) =>
    migrationProblems(
      {
        nodes: [node(ip)],
        flannel: { network: "10.244.0.0/16", port: 4789 },
        ...{ cilium: undefined, hasKubeProxy: true, ...seen },
      },
      { stage, podSubnets, order: ["worker-1"], moving: ["worker-1"], replacesKubeProxy: true },
    );
  const alone = { ipam: "cluster-pool", podSubnets, isCNI: true };
  return [
    ...said("beside", { flannel: undefined }),
    ...said("beside", { flannel: { network: "10.245.0.0/16", port: 4789 } }, "10.245.0.2").slice(
      0,
      1,
    ),
    ...said("beside", { flannel: { network: "10.244.0.0/16", port: 8472 } }),
    ...said("beside", { cilium: { ipam: "kubernetes", podSubnets: [], isCNI: true } }),
    ...said("beside", {}, "192.168.7.2"),
    ...said("done", {}),
    ...said("nodes", { flannel: undefined, cilium: alone }),
    ...forgottenMigration({ podSubnets }, {}, {}),
  ];
}
