import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import * as path from "node:path";

/** The programs that the lab runs besides Node. */
export const BINARY_NAMES = [
  "pulumi",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "helm",
  "machinery",
] as const;

export type BinaryName = (typeof BINARY_NAMES)[number];

/** A release archive or program, and the file beside it that holds its checksum. */
export interface Download {
  url: string;
  checksumUrl: string;
  /** Files to take out of a `.tar.gz`, by base name; undefined when the download is the program. */
  members?: string[];
}

export interface GoBuild {
  /** Folder under `tools/` with the go.mod. */
  module: "pulumi" | "kubernetes" | "machinery";
  package: string;
  /** What `go build` calls the result. */
  output: string;
  ldflags: string[];
}

export interface Binary {
  name: BinaryName;
  /** The version that is downloaded or built. */
  version: string;
  /** How one on PATH says its version, and which ones fit; undefined: PATH is not searched. */
  onPath?: { args: string[]; fits: string };
  /** The official release, where there is one for this platform. */
  download?: Download;
  build: GoBuild;
}

export interface Platform {
  /** As in `process.platform`. */
  os: string;
  /** As in `process.arch`. */
  arch: string;
}

export const PULUMI_VERSION = "3.259.0"; // renovate: datasource=github-releases depName=pulumi/pulumi
export const KUBERNETES_VERSION = "1.36.3"; // renovate: datasource=github-releases depName=kubernetes/kubernetes
const ETCD_VERSION = "3.6.8"; // renovate: datasource=github-releases depName=etcd-io/etcd
const HELM_VERSION = "3.22.0"; // renovate: datasource=github-releases depName=helm/helm

/** `tools/` of this repository. */
export const TOOLS = path.join(__dirname, "../../tools");

/** Everything that is known about each program, for one platform. */
export function catalog(platform: Platform): Record<BinaryName, Binary> {
  const go = goPlatform(platform);
  const controlPlane = (name: BinaryName) => kubernetesBinary(name, go, `~1.36.0`);
  return {
    pulumi: pulumiBinary(go),
    etcd: etcdBinary(go),
    "kube-apiserver": controlPlane("kube-apiserver"),
    "kube-controller-manager": controlPlane("kube-controller-manager"),
    "kube-scheduler": controlPlane("kube-scheduler"),
    // kubectl works with an API server one minor older or newer.
    kubectl: kubernetesBinary("kubectl", go, ">=1.35.0 <1.38.0"),
    helm: helmBinary(go),
    machinery: machineryBinary(),
  };
}

interface GoPlatform {
  os: string;
  arch: string;
}

function goPlatform({ os, arch }: Platform): GoPlatform {
  return { os, arch: arch === "x64" ? "amd64" : arch };
}

function pulumiBinary({ os, arch }: GoPlatform): Binary {
  const file = `pulumi-v${PULUMI_VERSION}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`;
  return {
    name: "pulumi",
    version: PULUMI_VERSION,
    onPath: { args: ["version"], fits: ">=3.250.0 <4.0.0" },
    download: {
      url: `https://get.pulumi.com/releases/sdk/${file}`,
      checksumUrl:
        `https://github.com/pulumi/pulumi/releases/download/v${PULUMI_VERSION}` +
        `/pulumi-${PULUMI_VERSION}-checksums.txt`,
      members: ["pulumi", "pulumi-language-nodejs"],
    },
    build: {
      module: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      output: "pulumi",
      ldflags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`],
    },
  };
}

function kubernetesBinary(name: BinaryName, { os, arch }: GoPlatform, fits: string): Binary {
  const url = `https://dl.k8s.io/v${KUBERNETES_VERSION}/bin/${os}/${arch}/${name}`;
  const [major, minor] = KUBERNETES_VERSION.split(".");
  const version = "k8s.io/component-base/version";
  return {
    name,
    version: KUBERNETES_VERSION,
    onPath: { args: name === "kubectl" ? ["version", "--client"] : ["--version"], fits },
    // Upstream releases the control plane for Linux only.
    download:
      os === "linux" || name === "kubectl" ? { url, checksumUrl: `${url}.sha256` } : undefined,
    build: {
      module: "kubernetes",
      package: `k8s.io/kubernetes/cmd/${name}`,
      output: name,
      ldflags: [
        `-X ${version}.gitVersion=v${KUBERNETES_VERSION}`,
        `-X ${version}.gitMajor=${major}`,
        `-X ${version}.gitMinor=${minor}`,
      ],
    },
  };
}

function etcdBinary({ os, arch }: GoPlatform): Binary {
  const release = `https://github.com/etcd-io/etcd/releases/download/v${ETCD_VERSION}`;
  return {
    name: "etcd",
    version: ETCD_VERSION,
    onPath: { args: ["--version"], fits: ">=3.5.0 <4.0.0" },
    // Elsewhere it comes as a zip archive.
    download:
      os === "linux"
        ? {
            url: `${release}/etcd-v${ETCD_VERSION}-${os}-${arch}.tar.gz`,
            checksumUrl: `${release}/SHA256SUMS`,
            members: ["etcd"],
          }
        : undefined,
    build: {
      module: "kubernetes",
      package: "go.etcd.io/etcd/server/v3",
      output: "server",
      ldflags: [],
    },
  };
}

function helmBinary({ os, arch }: GoPlatform): Binary {
  const url = `https://get.helm.sh/helm-v${HELM_VERSION}-${os}-${arch}.tar.gz`;
  return {
    name: "helm",
    version: HELM_VERSION,
    onPath: { args: ["version", "--short"], fits: ">=3.14.0 <4.0.0" },
    download: { url, checksumUrl: `${url}.sha256sum`, members: ["helm"] },
    build: {
      module: "kubernetes",
      package: "helm.sh/helm/v3/cmd/helm",
      output: "helm",
      ldflags: [`-X helm.sh/helm/v3/internal/version.version=v${HELM_VERSION}`],
    },
  };
}

/** The lab's own program: its version is its source. */
function machineryBinary(): Binary {
  return {
    name: "machinery",
    version: sourceHash(path.join(TOOLS, "machinery")),
    build: { module: "machinery", package: ".", output: "machinery", ldflags: [] },
  };
}

function sourceHash(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).sort()) {
    if (/\.go$|^go\.(mod|sum)$/.test(file)) hash.update(readFileSync(path.join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
