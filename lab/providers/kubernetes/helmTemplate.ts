import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CallContext, InvokeResult } from "../protocol";
import type { PropertyMap } from "../property";
import { UnreachableError, type ApiClient } from "./apiClient";
import { runHelm } from "./helm";
import type { ProviderInstance } from "./instance";
import { messageOf } from "./manifestErrors";
import { isRecord, pluck } from "./plain";
import type { HelmTools } from "./helmTools";
import { decodeYaml } from "./yamlDecode";

/** What Helm's library assumes without a cluster. */
const ASSUMED_VERSION = "v1.20.0";

type Options = Record<string, unknown>;

/** The `kubernetes:helm:template` function: `jsonOpts` holds the options, in snake case. */
export async function helmTemplateInvoke(
  args: PropertyMap,
  tools: HelmTools,
  instance: ProviderInstance,
  context: CallContext,
): Promise<InvokeResult> {
  const { jsonOpts } = args;
  if (typeof jsonOpts !== "string") {
    throw new Error("missing required field 'jsonOpts' of type string");
  }
  const options = optionsOf(jsonOpts);
  const text = await render(options, tools, instance, context).catch((error: unknown) => {
    throw new Error(`failed to generate YAML for specified Helm chart: ${messageOf(error)}`);
  });
  return { result: { result: await decodeYaml(text, textOf(options.namespace), instance) } };
}

function optionsOf(jsonOpts: string): Options {
  try {
    const options: unknown = JSON.parse(jsonOpts);
    if (isRecord(options)) return options;
    throw new Error("json: cannot unmarshal into Go value of type provider.HelmChartOpts");
  } catch (error) {
    const message = messageOf(error);
    const incomplete = /end of JSON input|Expected|Unterminated/.test(message);
    throw new Error(
      `failed to unmarshal 'jsonOpts': ${incomplete ? "unexpected end of JSON input" : message}`,
      { cause: error },
    );
  }
}

async function render(
  options: Options,
  { helm, directory }: HelmTools,
  instance: ProviderInstance,
  context: CallContext,
): Promise<string> {
  const fetched = await mkdtemp(path.join(tmpdir(), "lab-helm-"));
  try {
    let folder = textOf(options.path);
    const run = (args: string[], input?: string): Promise<string> =>
      runHelm(helm, args, {
        directory,
        environment: instance.settings.helmEnvironment,
        signal: context.signal,
        ...(input === undefined ? {} : { input }),
      });
    if (folder === "") {
      await run(pullArguments(options, fetched)).catch((error: unknown) => {
        throw new Error(`failed to pull chart: ${messageOf(error)}`);
      });
      folder = fetched;
    }
    const chart = path.resolve(directory, folder, chartName(textOf(options.chart)));
    if (!existsSync(chart)) {
      throw new Error(
        `failed to load chart from temp directory: stat ${path.join(folder, chartName(textOf(options.chart)))}: no such file or directory`,
      );
    }
    const args = await templateArguments(options, chart, instance, context);
    return await run(args, JSON.stringify(options.values ?? {})).catch((error: unknown) => {
      throw new Error(`failed to create chart from template: ${messageOf(error)}`);
    });
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
}

function pullArguments(options: Options, folder: string): string[] {
  const fetch = isRecord(options.fetch_opts) ? options.fetch_opts : {};
  const repository = textOf(options.repo);
  if (repository.startsWith("http")) {
    throw new Error(
      "'repo' option specifies the name of the Helm Chart repo, not the URL." +
        "Use 'fetchOpts.repo' to specify a URL for a remote Chart",
    );
  }
  const url = textOf(fetch.repo);
  const chart = textOf(options.chart);
  const prefix = `${repository.replace(/\/$/, "")}/`;
  const plain =
    url !== "" || chart.startsWith("oci://") || repository === "" || chart.startsWith(prefix);
  const args = ["pull", plain ? chart : prefix + chart, "--untar", "--untardir", folder];
  args.push("--destination", folder);
  const version =
    textOf(options.version) || textOf(fetch.version) || (fetch.devel === true ? ">0.0.0-0" : "");
  const flags: Record<string, string> = {
    "--repo": url,
    "--version": version,
    "--ca-file": textOf(fetch.ca_file),
    "--cert-file": textOf(fetch.cert_file),
    "--key-file": textOf(fetch.key_file),
    "--keyring": textOf(fetch.keyring),
    "--username": textOf(fetch.username),
    "--password": textOf(fetch.password),
  };
  for (const [flag, value] of Object.entries(flags)) if (value !== "") args.push(flag, value);
  if (fetch.verify === true) args.push("--verify");
  return args;
}

async function templateArguments(
  options: Options,
  chart: string,
  instance: ProviderInstance,
  { log }: CallContext,
): Promise<string[]> {
  const name = textOf(options.release_name);
  if (name === "") {
    throw new Error('failed to create chart from template: release name "": no name provided');
  }
  let kubeVersion = textOf(options.kube_version);
  const wrong = kubeVersion === "" ? "" : kubeVersionError(kubeVersion);
  if (wrong !== "") {
    throw new Error(
      `could not get parse kube_version "${kubeVersion}" from chart options: ${wrong}`,
    );
  }
  let apiVersions = Array.isArray(options.api_versions) ? options.api_versions.map(String) : [];
  if (instance.api) {
    try {
      if (kubeVersion === "") kubeVersion = await serverVersion(instance.api);
      if (apiVersions.length === 0) apiVersions = await servedVersions(instance.api);
    } catch (error) {
      const message = `unable to determine cluster's API version: ${messageOf(error)}`;
      await log("warning", message);
    }
  }
  const args = ["template", name, chart, "--namespace", textOf(options.namespace) || "default"];
  args.push("--values", "-", "--kube-version", kubeVersion || ASSUMED_VERSION);
  if (options.skip_crd_rendering !== true) args.push("--include-crds");
  if (options.include_test_hook_resources !== true) args.push("--skip-tests");
  for (const apiVersion of apiVersions) args.push("--api-versions", apiVersion);
  return args;
}

function kubeVersionError(version: string): string {
  const numbers = /^\s*v?(\d+(?:\.\d+)*)/.exec(version)?.[1];
  if (numbers === undefined) return `could not parse "${version}" as version`;
  return numbers.includes(".") ? "" : `illegal version string "${version}"`;
}

async function serverVersion(api: ApiClient): Promise<string> {
  const version = await api.request("GET", "/version?timeout=32s").catch((error: unknown) => {
    throw new Error(`could not get server version from Kubernetes: ${messageOf(error)}`);
  });
  return textOf(pluck(version, "gitVersion"));
}

/** Every API version that the server has, and every kind in it, as charts ask for them. */
async function servedVersions(api: ApiClient): Promise<string[]> {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const versions: string[] = [];
  for (const root of ["/api", "/apis"]) {
    const list = await api
      .request("GET", `${root}?timeout=32s`, { accept })
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError)) throw error;
        const said = "could not get apiVersions from Kubernetes";
        throw new Error(`${said}: ${said}: ${error.message}`);
      });
    for (const group of listOf(list, "items")) {
      const name = textOf(pluck(group, "metadata", "name"));
      for (const version of listOf(group, "versions")) {
        const apiVersion = [name, textOf(version.version)].filter((part) => part !== "").join("/");
        versions.push(apiVersion);
        for (const resource of listOf(version, "resources")) {
          versions.push(`${apiVersion}/${textOf(pluck(resource, "responseKind", "kind"))}`);
        }
      }
    }
  }
  return versions;
}

function listOf(value: unknown, key: string): Record<string, unknown>[] {
  const list = pluck(value, key);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** The folder that a chart is unpacked to: the last part of its name, or of its archive's. */
function chartName(chart: string): string {
  if (chart.startsWith("oci://")) return path.basename(new URL(chart).pathname);
  const archive = /^[a-z]+:\/\/.*\/(\w+)-(\S+)\.tgz$/.exec(chart);
  if (archive?.[1]) return archive[1];
  const parts = chart.split("/");
  return parts.length === 2 ? (parts[1] ?? chart) : chart;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
