/** Group, version and kind of a Kubernetes object. The core group is the empty string. */
export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** Splits an object's `apiVersion` and `kind`. */
export function gvkOf(object: Record<string, unknown>): GroupVersionKind {
  const [first = "", second] = String(object.apiVersion ?? "").split("/");
  const group = second === undefined ? "" : first;
  return {
    group: group === "core" ? "" : group,
    version: second ?? first,
    kind: String(object.kind ?? ""),
  };
}

/** Reads the type token in a URN: `kubernetes:apps/v1:Deployment`. */
export function gvkOfUrn(urn: string): GroupVersionKind {
  const [, module = "", kind = ""] = typeOfUrn(urn).split(":");
  const [group = "", version] = module.split("/");
  if (version === undefined) {
    throw new Error(`apiVersion does not have both a group and a version: "${module}"`);
  }
  return { group: group === "core" ? "" : group, version, kind };
}

/** The last type in a URN, that of the resource itself. */
export function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The logical name at the end of a URN. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function apiVersionOf({ group, version }: GroupVersionKind): string {
  return group === "" ? version : `${group}/${version}`;
}

/** As Go prints it in messages: `apps/v1, Kind=Deployment`. */
export function gvkText(gvk: GroupVersionKind): string {
  return `${apiVersionOf(gvk)}, Kind=${gvk.kind}`;
}

/** Whether the token is that of a Patch resource: a built-in kind with `Patch` at its end. */
export function isPatchResource(urn: string, kind: string): boolean {
  return typeOfUrn(urn).endsWith("Patch") && kind !== "" && !kind.endsWith("Patch");
}

const builtInGroups = new Set(
  (
    "admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io apps auditregistration.k8s.io autoscaling " +
    "batch certificates.k8s.io coordination.k8s.io core discovery.k8s.io events.k8s.io extensions " +
    "flowcontrol.apiserver.k8s.io networking.k8s.io node.k8s.io policy rbac.authorization.k8s.io resource.k8s.io " +
    "scheduling.k8s.io settings.k8s.io storage.k8s.io storagemigration.k8s.io"
  ).split(" "),
);

/** Whether an API version belongs to Kubernetes itself and not to a custom resource. */
export function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? apiVersion === "v1" : builtInGroups.has(group);
}

const clusterScoped = new Set(
  (
    "APIService CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle ComponentStatus CSIDriver " +
    "CSINode CustomResourceDefinition DeviceClass DeviceTaintRule FlowSchema IngressClass IPAddress " +
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node " +
    "PersistentVolume PodSecurityPolicy PriorityClass PriorityLevelConfiguration ResourceSlice RuntimeClass " +
    "ServiceCIDR StorageClass StorageVersion StorageVersionMigration TokenReview SelfSubjectAccessReview " +
    "SelfSubjectReview SelfSubjectRulesReview SubjectAccessReview ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass"
  ).split(" "),
);

/** Whether a kind of Kubernetes itself lives in a namespace. */
export function isBuiltInNamespaced(kind: string): boolean {
  return !clusterScoped.has(kind.replace(/Patch$/, ""));
}

export function isCustomResourceDefinition(object: Record<string, unknown>): boolean {
  return (
    object.kind === "CustomResourceDefinition" &&
    String(object.apiVersion).startsWith("apiextensions.k8s.io/")
  );
}

/** Whether the object is a core Secret. */
export function isSecretKind(object: Record<string, unknown>): boolean {
  return gvkOf(object).group === "" && object.kind === "Secret";
}
