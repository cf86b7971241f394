import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import type { CiliumSpec } from "../../spec";
import type { ChartValues } from "../../values";
import { ownedSecret } from "../ownedSecret";
import { manifestText } from "../rendering/manifestText";
import { RESOURCE_EXCLUSIONS, argoCDApplication } from "./argoCD";
import { VALUES_SECRET, fluxObjects } from "./flux";
import { splitSecrets } from "./secretValues";

/** What the one that manages Cilium from now on is told. */
export interface HandOver {
  /** Objects as YAML. Secret where values are that Argo CD has to be told in clear. */
  readonly manifests: pulumi.Output<string>;
  /** For Argo CD: the text of `resource.exclusions` in the ConfigMap `argocd-cm`. */
  readonly resourceExclusions?: string;
}

/** A Cilium that somebody else is to manage. */
export interface HandedCilium {
  readonly cilium: CiliumSpec;
  readonly values: ChartValues;
  readonly kubeconfig: pulumi.Output<string>;
  /** Seconds until its gate gives up. */
  readonly readyTimeout: number;
}

/**
 * Cilium's values and chart in the words of Flux or Argo CD; undefined where the program manages it.
 * For Flux, values that are secret go into a Secret that the program makes and leaves in the cluster.
 */
export function handOver(
  name: string,
  { cilium, values, kubeconfig, readyTimeout }: HandedCilium,
  opts: pulumi.CustomResourceOptions,
): HandOver | undefined {
  const { plain, secret } = splitSecrets(values);
  const hasSecrets = Object.keys(secret).length > 0;
  switch (cilium.managedBy) {
    case undefined:
      return undefined;
    case "flux": {
      if (hasSecrets) {
        const stringData = { "values.yaml": stringify(secret, { version: "1.1" }) };
        ownedSecret(name, VALUES_SECRET, { stringData }, kubeconfig, opts);
      }
      const objects = fluxObjects(cilium, plain, hasSecrets, readyTimeout);
      return { manifests: pulumi.output(manifestText(objects)) };
    }
    case "argocd": {
      const text = manifestText([argoCDApplication(cilium, values)]);
      const manifests = hasSecrets ? pulumi.secret(text) : pulumi.output(text);
      return { manifests, resourceExclusions: stringify(RESOURCE_EXCLUSIONS) };
    }
  }
}
