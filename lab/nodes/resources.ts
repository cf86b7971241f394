import { messageType, type Resource } from "../../talosApi";
import { goDate } from "./timestamps";
import type { SimulatedNode } from "./simulatedNode";

/** A COSI resource type that nodes serve. */
interface ResourceType {
  namespace: string;
  type: string;
  /** Message of its spec in `resources.proto`. */
  spec: string;
  items(node: SimulatedNode): { id: string; spec: object }[];
}

const STATIC_PODS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

export const RESOURCE_TYPES: readonly ResourceType[] = [
  {
    namespace: "runtime",
    type: "MachineStatuses.runtime.talos.dev",
    spec: "MachineStatusSpec",
    items: (node) => [{ id: "machine", spec: machineStatus(node) }],
  },
  {
    namespace: "runtime",
    type: "Diagnostics.runtime.talos.dev",
    spec: "DiagnosticSpec",
    items: (node) =>
      node.faults.diagnostics.map(({ id, message, details }) => ({
        id,
        spec: { message, details },
      })),
  },
  {
    namespace: "runtime",
    type: "Disks.block.talos.dev",
    spec: "DiskSpec",
    items: (node) =>
      node.options.disks.map((disk) => ({
        id: disk.deviceName.replace(/^\/dev\//, ""),
        spec: {
          size: disk.size,
          sectorSize: 512,
          ioSize: 512,
          readonly: disk.readonly,
          model: disk.model,
          serial: disk.serial,
          modalias: disk.modalias,
          wwid: disk.wwid,
          uuid: disk.uuid,
          busPath: disk.busPath,
          subSystem: disk.subsystem,
          transport: disk.type === "NVME" ? "nvme" : "virtio",
          rotational: disk.type === "HDD",
          cdrom: disk.type === "CD",
          devPath: disk.deviceName,
          prettySize: `${Math.round(Number(disk.size) / 1e9)} GB`,
        },
      })),
  },
  {
    namespace: "controlplane",
    type: "BootstrapManifestsConfigs.kubernetes.talos.dev",
    spec: "BootstrapManifestsConfigSpec",
    items(node) {
      const cluster = node.configuration?.cluster;
      if (cluster === undefined || !node.isControlPlane) {
        return [];
      }
      const spec = {
        server: cluster.endpoint,
        clusterDomain: cluster.dnsDomain,
        podCidRs: cluster.podSubnets,
        proxyEnabled: cluster.proxyEnabled,
        coreDnsEnabled: cluster.coreDNSEnabled,
        flannelEnabled: cluster.cniName === "flannel",
        cniName: cluster.cniName,
      };
      return [{ id: "manifests", spec }];
    },
  },
  {
    namespace: "k8s",
    type: "StaticPodStatuses.kubernetes.talos.dev",
    spec: "StaticPodStatusSpec",
    items: (node) =>
      node.services.runsEtcd
        ? STATIC_PODS.map((name) => ({ id: `kube-system/${name}-${node.hostname}`, spec: {} }))
        : [],
  },
];

/** The node's resources of a type, with versions that grow with each change. */
export function resourcesOf(node: SimulatedNode, type: ResourceType): Resource[] {
  const encoder = messageType<object>(`talos.resource.definitions.${type.spec}`);
  return type
    .items(node)
    .map(({ id, spec }) => {
      const protoSpec = encoder.serialize(spec);
      const { version, updated } = node.resourceVersions.of(`${type.type}/${id}`, protoSpec);
      return resource(type, id, {
        version: String(version),
        protoSpec,
        created: goDate(node.madeAt),
        updated: goDate(updated),
      });
    })
    .sort((left, right) => left.metadata.id.localeCompare(right.metadata.id));
}

/** What a watch of something absent starts with. */
export function absentResource(type: { namespace: string; type: string }, id: string): Resource {
  return resource(type, id, {
    version: "undefined",
    protoSpec: Buffer.alloc(0),
    created: null,
    updated: null,
  });
}

function resource(
  { namespace, type }: { namespace: string; type: string },
  id: string,
  rest: Pick<Resource["metadata"], "version" | "created" | "updated"> & { protoSpec: Buffer },
): Resource {
  return {
    metadata: {
      namespace,
      type,
      id,
      version: rest.version,
      owner: "",
      phase: "running",
      created: rest.created,
      updated: rest.updated,
      finalizers: [],
      labels: {},
      annotations: {},
    },
    spec: { protoSpec: rest.protoSpec, yamlSpec: "" },
  };
}

function machineStatus(node: SimulatedNode): object {
  const ready = node.stage === "running" || node.stage === "maintenance";
  return {
    stage: `MACHINE_STAGE_${node.stage.toUpperCase()}`,
    status: {
      ready,
      unmetConditions: ready
        ? []
        : [{ name: "services", reason: "not all services are running and healthy" }],
    },
  };
}
