import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { knownProperties } from "./knownProperties";
import { isMarkedProd, PROD_CONFIG, reportAll, resourcePolicy } from "./policy";
import { chartVersionFindings } from "./rules/chartVersion";
import { ciliumValues } from "./rules/ciliumValues";
import { arePatchesKnown, patchDocuments } from "./rules/configPatches";
import { diskFindings, settingsTrafficFindings, trafficFindings } from "./rules/encryption";
import type { Finding } from "./rules/finding";
import { chartHubbleUIFindings, objectHubbleUIFindings } from "./rules/hubbleUI";
import {
  manifestFileFindings,
  objectImageFindings,
  patchImageFindings,
  valuesImageFindings,
} from "./rules/images";
import { kubernetesObjects } from "./rules/kubernetesObjects";
import { machineSecretsFindings } from "./rules/machineSecrets";
import { outputFindings } from "./rules/outputs";
import { valueAt } from "./rules/propertyTree";
import { isChart, isManifestFile, kindOf, TALOS_APPLY, TALOS_SECRETS } from "./rules/resourceTypes";
import { outputsInClear } from "./secretMarks";

const machineSecretsProtected: StackValidationPolicy = {
  name: "machine-secrets-protected",
  description: "Machine secrets are protected against deletion, unless all machines are simulated.",
  configSchema: PROD_CONFIG,
  validateStack: (args, report) => {
    const resources = args.resources.map(({ type, urn, name, props, opts }) => ({
      ...{ type, urn, name, isProtected: opts.protect },
      node: type.startsWith("talos:") ? valueAt(knownProperties(props), "node") : undefined,
    }));
    const nodes = resources.flatMap(({ node }) => (typeof node === "string" ? [node] : []));
    for (const { type, urn, name, isProtected } of resources) {
      if (type !== TALOS_SECRETS) continue;
      const use = { isProtected, nodes, isProd: isMarkedProd(args, urn) };
      reportAll(machineSecretsFindings(use), { name, urn }, report);
    }
  },
};

const credentialsSecretInOutputs: StackValidationPolicy = {
  name: "credentials-secret-in-outputs",
  description: "Kubeconfigs, talosconfigs and private keys are secret in outputs.",
  validateStack: ({ resources }, report) => {
    for (const { type, urn, name } of resources) {
      if (type !== "pulumi:pulumi:Stack" && !type.startsWith("talos-cilium:index:")) continue;
      reportAll(outputFindings(outputsInClear(urn)), { name, urn }, report);
    }
  },
};

const versionsPinned = resourcePolicy(
  "versions-pinned",
  "Helm charts come in one version that is written down.",
  ({ type }, props) => (isChart(type) ? chartVersionFindings(props) : []),
);

const imagesPinned = resourcePolicy(
  "images-pinned",
  "Images and manifests by URL have a full version or a digest.",
  ({ type }, props) => {
    if (type === TALOS_APPLY) {
      return [
        ...patchImageFindings(patchDocuments(props)),
        ...inValues(valuesImageFindings, type, props),
      ];
    }
    if (isChart(type)) return valuesImageFindings(valueAt(props, "values"));
    if (isManifestFile(type)) return manifestFileFindings(props);
    return kindOf(type) ? objectImageFindings(props) : inValues(valuesImageFindings, type, props);
  },
);

const hubbleUIAuthenticated = resourcePolicy(
  "hubble-ui-authenticated",
  "Hubble UI is not served outside the cluster without authentication.",
  ({ type }, props) => [
    ...inValues(chartHubbleUIFindings, type, props),
    ...kubernetesObjects(type, props).flatMap(({ kind, path, content }) =>
      objectHubbleUIFindings(kind, content, path),
    ),
  ],
);

const prodTrafficEncrypted: ResourceValidationPolicy = {
  ...resourcePolicy(
    "prod-traffic-encrypted",
    "Where the stack is marked prod, Cilium encrypts the traffic between nodes.",
    (args, props) =>
      isMarkedProd(args, args.urn)
        ? [
            ...inValues(trafficFindings, args.type, props),
            ...kubernetesObjects(args.type, props).flatMap(settingsTrafficFindings),
          ]
        : [],
  ),
  configSchema: PROD_CONFIG,
};

const prodDisksEncrypted: ResourceValidationPolicy = {
  ...resourcePolicy(
    "prod-disks-encrypted",
    "Where the stack is marked prod, Talos encrypts the volumes STATE and EPHEMERAL.",
    (args, props) => {
      if (args.type !== TALOS_APPLY || !isMarkedProd(args, args.urn)) return [];
      return arePatchesKnown(props) ? diskFindings(patchDocuments(props)) : [];
    },
  ),
  configSchema: PROD_CONFIG,
};

/** What a rule finds in the values that a resource brings Cilium in with. */
function inValues(
  rule: (values: unknown, at: readonly string[]) => readonly Finding[],
  type: string,
  props: unknown,
): Finding[] {
  return ciliumValues(type, props).flatMap(({ values, path }) => rule(values, path));
}

/** All policies of the pack. Each is mandatory unless its configuration says otherwise. */
export const policies: Policies = [
  machineSecretsProtected,
  credentialsSecretInOutputs,
  versionsPinned,
  imagesPinned,
  hubbleUIAuthenticated,
  prodTrafficEncrypted,
  prodDisksEncrypted,
];
