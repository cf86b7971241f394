import { serveProvider, type ProviderImplementation, type ProviderServer } from "./protocol";
import { helmTemplateInvoke } from "./kubernetes/helmTemplate";
import { ProviderInstance } from "./kubernetes/instance";
import { checkManifest } from "./kubernetes/manifestCheck";
import { createManifest } from "./kubernetes/manifestCreate";
import { deleteManifest } from "./kubernetes/manifestDelete";
import { diffManifest } from "./kubernetes/manifestDiff";
import { readManifest } from "./kubernetes/manifestRead";
import { updateManifest } from "./kubernetes/manifestUpdate";
import { checkConfig, diffConfig } from "./kubernetes/providerConfig";
import type { HelmTools } from "./kubernetes/helmTools";
import { typeOfUrn } from "./kubernetes/kinds";
import { checkRelease } from "./kubernetes/releaseCheck";
import { deleteRelease } from "./kubernetes/releaseDelete";
import { diffRelease } from "./kubernetes/releaseDiff";
import { readRelease } from "./kubernetes/releaseRead";
import { createRelease, updateRelease } from "./kubernetes/releaseWrite";
import { canDelete, canRead } from "./kubernetes/unreachable";
import { decodeYamlInvoke } from "./kubernetes/yamlDecode";

/** The version of the real provider whose answers this one gives. */
export const KUBERNETES_PROVIDER_VERSION = "4.32.0";

export interface KubernetesProviderOptions {
  /** Path of the helm binary. */
  helm: string;
  /** What relative paths of charts and values files start from: the program's folder. @default the current one */
  directory?: string;
}

/**
 * Serves the lab's Kubernetes provider on a loopback port, for `PULUMI_DEBUG_PROVIDERS=kubernetes:<port>`.
 * Each provider resource gets an instance of its own.
 */
export function serveKubernetesProvider(
  options: KubernetesProviderOptions,
): Promise<ProviderServer> {
  return serveProvider(implementation({ directory: process.cwd(), ...options }));
}

function implementation(tools: HelmTools): ProviderImplementation<ProviderInstance> {
  const isRelease = ({ urn }: { urn: string }): boolean =>
    typeOfUrn(urn) === "kubernetes:helm.sh/v3:Release";
  return {
    version: KUBERNETES_PROVIDER_VERSION,
    handshakeMessage: "method Handshake not implemented",
    createInstance: () => new ProviderInstance(),
    checkConfig: (request) => Promise.resolve(checkConfig(request)),
    // A promise, so that what it throws is answered.
    diffConfig: async (request) => Promise.resolve(diffConfig(request)),
    configure: async (request, instance) => {
      await instance.configure(request);
      return {
        acceptSecrets: true,
        supportsPreview: true,
        supportsAutonamingConfiguration: true,
      };
    },
    check: (request, instance, context) =>
      isRelease(request)
        ? checkRelease(request, tools, instance, context)
        : checkManifest(request, instance, context),
    diff: async (request, instance, context) =>
      isRelease(request) ? diffRelease(request) : diffManifest(request, instance, context),
    create: (request, instance, context) =>
      isRelease(request)
        ? createRelease(request, tools, instance, context)
        : createManifest(request, instance, context),
    update: (request, instance, context) =>
      isRelease(request)
        ? updateRelease(request, tools, instance, context)
        : updateManifest(request, instance, context),
    read: async (request, instance, context) => {
      const known = await canRead(request, instance, context);
      if (known) return known;
      return isRelease(request)
        ? readRelease(request, tools, instance)
        : readManifest(request, instance, context);
    },
    delete: async (request, instance, context) => {
      if (isRelease(request)) return deleteRelease(request, tools, instance, context);
      if (await canDelete(request, instance, context)) {
        await deleteManifest(request, instance, context);
      }
    },
    invoke: async ({ tok, args }, instance, context) => {
      switch (tok) {
        case "kubernetes:yaml:decode":
          return decodeYamlInvoke(args, instance);
        case "kubernetes:helm:template":
          return helmTemplateInvoke(args, tools, instance, context);
        default:
          throw new Error(`unknown Invoke type "${tok}"`);
      }
    },
    dispose: (instance) => instance.dispose(),
  };
}
