import { adminKubeconfig, kubeconfigArchive } from "../kubeconfig";
import { ADMIN } from "../roles";
import { stream } from "../rpc";
import { requireControlPlane } from "./controlPlaneOnly";

/** From the configuration alone: before Bootstrap, before any API server. */
export const kubeconfig = stream<object>({
  service: "machine",
  rpc: "Kubeconfig",
  roles: ADMIN,
  async stream(node, _request, _caller, send) {
    const { cluster } = requireControlPlane(node, "kubeconfig");
    const archive = kubeconfigArchive(
      await adminKubeconfig(cluster, node.faults.kubeconfigCertLifetimeSeconds),
    );
    const length = node.faults.truncateKubeconfig ? archive.length >> 1 : archive.length;
    send({ bytes: archive.subarray(0, length) });
  },
});
