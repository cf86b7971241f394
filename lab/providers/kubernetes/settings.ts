import { isSecret, isUnknown } from "./plain";
import type { PropertyMap } from "../property";
import type { Overrides } from "./kubeconfig";

/** What a provider resource's arguments, or the environment, switch on. */
export interface Settings {
  /** Text or path; empty for the ambient one. */
  kubeconfig: string;
  overrides: Overrides;
  serverSideApply: boolean;
  patchForce: boolean;
  upsertExistingObjects: boolean;
  mutable: { configMap: boolean; secret: boolean };
  deleteUnreachable: boolean;
  skipUpdateUnreachable: boolean;
  suppressHelmHookWarnings: boolean;
  renderYamlToDirectory: string;
  helmDriver: string;
  helmEnvironment: Record<string, string>;
}

/** Reads the arguments that came with `Configure`; each falls back to the real provider's environment variable. */
export function settingsOf(
  args: PropertyMap,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const text = (name: string): string => textOf(args[name]);
  const flag = (name: string, variable: string, byDefault = false): boolean => {
    if (args[name] !== undefined && args[name] !== null) return text(name) === "true";
    const ambient = environment[variable];
    return ambient === undefined ? byDefault : ambient === "true";
  };
  const helm = objectOf(args.helmReleaseSettings);
  const helmText = (name: string, variable: string): string =>
    textOf(helm[name] as never) || environment[variable] || "";
  return {
    kubeconfig: text("kubeconfig"),
    overrides: {
      ...(text("context") ? { context: text("context") } : {}),
      ...(text("cluster") ? { cluster: text("cluster") } : {}),
      ...(text("namespace") ? { namespace: text("namespace") } : {}),
    },
    serverSideApply: flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    mutable: {
      configMap: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
      secret: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    },
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    suppressHelmHookWarnings: flag(
      "suppressHelmHookWarnings",
      "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS",
    ),
    renderYamlToDirectory: text("renderYamlToDirectory"),
    helmDriver: helmText("driver", "PULUMI_K8S_HELM_DRIVER") || "secret",
    helmEnvironment: withValues({
      HELM_PLUGINS: helmText("pluginsPath", "PULUMI_K8S_HELM_PLUGINS_PATH"),
      HELM_REGISTRY_CONFIG: helmText("registryConfigPath", "PULUMI_K8S_HELM_REGISTRY_CONFIG_PATH"),
      HELM_REPOSITORY_CONFIG: helmText(
        "repositoryConfigPath",
        "PULUMI_K8S_HELM_REPOSITORY_CONFIG_PATH",
      ),
      HELM_REPOSITORY_CACHE: helmText("repositoryCache", "PULUMI_K8S_HELM_REPOSITORY_CACHE"),
    }),
  };
}

/** A provider argument as text: booleans and objects travel as JSON, secret or not. */
export function textOf(value: PropertyMap[string]): string {
  if (isSecret(value)) return textOf(value.value);
  if (value === undefined || value === null || isUnknown(value)) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function objectOf(value: PropertyMap[string]): Record<string, unknown> {
  const text = textOf(value);
  if (text === "") return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(
      `failed to unmarshal helmReleaseSettings option: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function withValues(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
