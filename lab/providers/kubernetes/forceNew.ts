import { isRecord } from "./plain";

type FieldPaths = readonly string[];

const labelSelector = (path: string): FieldPaths => [
  path,
  `${path}.matchExpressions`,
  `${path}.matchExpressions.key`,
  `${path}.matchExpressions.operator`,
  `${path}.matchExpressions.values`,
  `${path}.matchLabels`,
];

const containerFields =
  "args command env env.value image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources " +
  "securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir";
const podFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID " +
  "hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates " +
  "restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace " +
  "subdomain terminationGracePeriodSeconds volumes";
const volumeFields =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath " +
  "iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

const under = (prefix: string, fields: string): FieldPaths =>
  fields.split(" ").map((field) => `${prefix}.${field}`);

const selector = labelSelector(".spec.selector");
const statefulSet = [
  ...under(".spec", "podManagementPolicy revisionHistoryLimit serviceName volumeClaimTemplates"),
  ...selector,
];
const job = [...under(".spec", "completions parallelism template"), ...selector];
const core: Record<string, FieldPaths> = {
  PersistentVolume: under(".spec", volumeFields),
  PersistentVolumeClaim: [
    ...under(".spec", "accessModes storageClassName volumeName"),
    ...selector,
  ],
  Pod: [
    ...under(".spec", podFields),
    ...under(".spec.containers[*]", containerFields),
    ...under(".spec.initContainers[*]", containerFields),
  ],
  ResourceQuota: [".spec.scopes"],
  Secret: [".type"],
  Service: [".spec.clusterIP"],
};
const bindings = { ClusterRoleBinding: [".roleRef"], RoleBinding: [".roleRef"] };

/** What cannot change in place, by API version and kind; a change of such a field replaces the resource. */
const table: Record<string, Record<string, FieldPaths>> = {
  v1: core,
  "core/v1": core,
  "apps/v1beta1": { StatefulSet: statefulSet },
  "apps/v1beta2": { DaemonSet: selector, Deployment: selector, StatefulSet: statefulSet },
  "apps/v1": { DaemonSet: selector, Deployment: selector, StatefulSet: statefulSet },
  "policy/v1beta1": { PodDisruptionBudget: [".spec"] },
  "rbac.authorization.k8s.io/v1alpha1": bindings,
  "rbac.authorization.k8s.io/v1beta1": bindings,
  "rbac.authorization.k8s.io/v1": bindings,
  "storage.k8s.io/v1": { StorageClass: [".parameters", ".provisioner"] },
  "batch/v1beta1": { Job: job },
  "batch/v1": { Job: job },
  "batch/v2alpha1": { Job: job },
};

/** What may change in place although Kubernetes' habit is to replace it. */
export interface MutableKinds {
  configMap: boolean;
  secret: boolean;
}

/** The fields of an object whose change replaces it: its name and namespace, and what its kind adds. */
export function forceNewFields(object: Record<string, unknown>, mutable: MutableKinds): string[] {
  const fields = [".metadata.name", ".metadata.namespace"];
  const kinds = table[String(object.apiVersion)];
  if (!kinds) return fields;
  const kind = String(object.kind);
  const isCore = kinds === core;
  const immutable = object.immutable === true;
  if (isCore && kind === "Secret" && (!mutable.secret || immutable)) {
    fields.push(".type", ".stringData", ".data");
  } else if (kinds[kind]) {
    fields.push(...kinds[kind]);
  } else if (isCore && kind === "ConfigMap" && (!mutable.configMap || immutable)) {
    fields.push(".binaryData", ".data");
  }
  return fields;
}

/** Whether a patch touches one of the fields; `[*]` stands for every element of a list. */
export function touches(patch: unknown, fields: FieldPaths): boolean {
  return fields.some((field) => reaches(patch, field.slice(1).split(".")));
}

function reaches(value: unknown, segments: string[]): boolean {
  const [segment, ...rest] = segments;
  if (segment === undefined) return true;
  const name = segment.replace("[*]", "");
  if (!isRecord(value) || !Object.hasOwn(value, name)) return false;
  const next = value[name];
  if (!segment.endsWith("[*]")) return reaches(next, rest);
  return Array.isArray(next) && next.every((item) => reaches(item, rest));
}
