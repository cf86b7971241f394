import {
  CILIUM_KUBERNETES_FLOOR,
  NEWEST_CONTRACT_MINOR,
  OLDEST_CONTRACT_MINOR,
  ciliumKubernetes,
  ciliumMaintained,
  talosKubernetes,
} from "../compatibility";
import type { ClusterSpec } from "../schema";
import { contractMinor, minorOf, parseVersion } from "../versions";
import type { Finding, Rule } from "./rule";

/** Versions, their spelling, and which go together. */
export const versionRules: readonly Rule[] = [
  { id: "version-format", check: versionFormat },
  { id: "contract-format", check: contractFormat },
  { id: "contract-range", check: contractRange },
  { id: "contract-newer-than-talos", check: contractNewerThanTalos },
  { id: "talos-kubernetes", check: talosWithKubernetes },
  { id: "cilium-kubernetes", check: ciliumWithKubernetes },
  { id: "cilium-kubernetes-untested", warns: true, check: ciliumUntested },
  { id: "talos-unknown", silenceable: true, check: talosUnknown },
  { id: "cilium-unknown", silenceable: true, check: ciliumUnknown },
  { id: "cilium-unmaintained", warns: true, check: ciliumUnmaintained },
];

/** Talos writes versions with a v, Kubernetes' images and Helm charts without. */
const spellings = [
  { propertyPath: "talosVersion", prefix: "v", example: "v1.13.0" },
  { propertyPath: "kubernetesVersion", prefix: "", example: "1.36.3" },
  { propertyPath: "cilium.version", prefix: "", example: "1.20.0" },
] as const;

function* versionFormat(spec: ClusterSpec): Iterable<Finding> {
  const texts = {
    talosVersion: spec.talosVersion,
    kubernetesVersion: spec.kubernetesVersion,
    "cilium.version": spec.cilium.version,
  };
  for (const { propertyPath, prefix, example } of spellings) {
    const got = texts[propertyPath];
    const bare = got.trim().replace(/^[vV]/, "");
    const sound = parseVersion(got) !== undefined && got === `${prefix}${bare}`;
    if (sound) continue;
    const spelledOtherwise = parseVersion(bare) !== undefined;
    yield {
      propertyPath,
      got,
      reason: spelledOtherwise
        ? `it is written ${prefix === "" ? "without" : "with"} a leading v`
        : "it is no version of three numbers",
      fix: spelledOtherwise
        ? `write ${prefix}${bare}`
        : `write the full version, such as ${/^\d+\.\d+$/.test(bare) ? `${prefix}${bare}.0` : example}`,
    };
  }
}

function* contractFormat({ configContract: got }: ClusterSpec): Iterable<Finding> {
  if (contractMinor(got) !== undefined) return;
  const minor = /^v?1\.(\d+)/.exec(got)?.[1];
  yield {
    propertyPath: "configContract",
    got,
    reason: "a contract is a minor release of Talos: v, major, minor",
    fix: minor ? `write v1.${Number(minor)}` : `write for example v1.${NEWEST_CONTRACT_MINOR}`,
  };
}

function* contractRange({ configContract: got }: ClusterSpec): Iterable<Finding> {
  const minor = contractMinor(got);
  if (minor === undefined) return;
  if (minor >= OLDEST_CONTRACT_MINOR && minor <= NEWEST_CONTRACT_MINOR) return;
  const tooNew = minor > NEWEST_CONTRACT_MINOR;
  yield {
    propertyPath: "configContract",
    got,
    reason: tooNew
      ? `the provider generates configuration up to contract v1.${NEWEST_CONTRACT_MINOR}`
      : `contracts before v1.${OLDEST_CONTRACT_MINOR} are not supported`,
    fix: tooNew
      ? `write v1.${NEWEST_CONTRACT_MINOR}; newer Talos runs it as well`
      : `write v1.${OLDEST_CONTRACT_MINOR} to v1.${NEWEST_CONTRACT_MINOR}`,
  };
}

function* contractNewerThanTalos(spec: ClusterSpec): Iterable<Finding> {
  const minor = contractMinor(spec.configContract);
  const talos = parseVersion(spec.talosVersion);
  if (minor === undefined || !talos || talos.major !== 1 || minor <= talos.minor) return;
  yield {
    propertyPath: "configContract",
    got: spec.configContract,
    reason: `Talos ${spec.talosVersion} does not know configuration of a newer release`,
    fix: `write v1.${talos.minor}, or raise talosVersion`,
  };
}

function* talosWithKubernetes(spec: ClusterSpec): Iterable<Finding> {
  const { talos, kubernetes } = parsed(spec);
  if (!talos || !kubernetes) return;
  const supported = talos.major === 1 ? talosKubernetes[talos.minor] : undefined;
  if (!supported) return;
  if (kubernetes.major === 1 && within(kubernetes.minor, supported)) return;
  const fitting = Object.entries(talosKubernetes)
    .filter(([, minors]) => kubernetes.major === 1 && within(kubernetes.minor, minors))
    .map(([minor]) => `1.${minor}`);
  yield {
    propertyPath: "kubernetesVersion",
    got: spec.kubernetesVersion,
    reason: `Talos ${minorOf(talos)} runs Kubernetes 1.${supported.from} to 1.${supported.to} and refuses others`,
    fix: `choose one of these${fitting.length > 0 ? `, or Talos ${fitting.join(", ")}` : ""}`,
  };
}

function* ciliumWithKubernetes(spec: ClusterSpec): Iterable<Finding> {
  const { kubernetes } = parsed(spec);
  if (!kubernetes || kubernetes.major !== 1 || kubernetes.minor >= CILIUM_KUBERNETES_FLOOR) return;
  yield {
    propertyPath: "kubernetesVersion",
    got: spec.kubernetesVersion,
    reason: `Cilium's chart refuses Kubernetes before 1.${CILIUM_KUBERNETES_FLOOR}`,
    fix: "raise kubernetesVersion",
  };
}

function* ciliumUntested(spec: ClusterSpec): Iterable<Finding> {
  const { kubernetes, cilium } = parsed(spec);
  if (!kubernetes || !cilium || kubernetes.minor < CILIUM_KUBERNETES_FLOOR) return;
  const tested = cilium.major === 1 ? ciliumKubernetes[cilium.minor] : undefined;
  if (!tested || (kubernetes.major === 1 && within(kubernetes.minor, tested))) return;
  const fitting = Object.entries(ciliumKubernetes)
    .filter(([, minors]) => within(kubernetes.minor, minors))
    .map(([minor]) => `1.${minor}`);
  yield {
    propertyPath: "cilium.version",
    got: spec.cilium.version,
    reason: `Cilium ${minorOf(cilium)} was tested with Kubernetes 1.${tested.from} to 1.${tested.to}, not with ${minorOf(kubernetes)}`,
    fix:
      fitting.length > 0
        ? `use Cilium ${fitting.join(" or ")}, which was tested with it`
        : "try it on a cluster that you can lose: no release of Cilium was tested with it so far",
  };
}

function* talosUnknown(spec: ClusterSpec): Iterable<Finding> {
  const { talos } = parsed(spec);
  if (!talos || (talos.major === 1 && talosKubernetes[talos.minor])) return;
  const known = Object.keys(talosKubernetes);
  yield {
    propertyPath: "talosVersion",
    got: spec.talosVersion,
    reason: `nothing is known here of Talos ${minorOf(talos)} and the Kubernetes that it runs`,
    fix: `use 1.${known[0]} to 1.${known.at(-1)}, or check Talos' support matrix and silence talos-unknown`,
  };
}

// Of these the chart's keys are not known either, so that no value of theirs would be checked.
function* ciliumUnknown(spec: ClusterSpec): Iterable<Finding> {
  const { cilium } = parsed(spec);
  if (!cilium || (cilium.major === 1 && ciliumKubernetes[cilium.minor])) return;
  const known = Object.keys(ciliumKubernetes);
  yield {
    propertyPath: "cilium.version",
    got: spec.cilium.version,
    reason: `nothing is known here of Cilium ${minorOf(cilium)}, neither what it goes with nor what its chart takes`,
    fix: `use 1.${known[0]} to 1.${known.at(-1)}, or silence cilium-unknown and check its values yourself`,
  };
}

function* ciliumUnmaintained(spec: ClusterSpec): Iterable<Finding> {
  const { cilium } = parsed(spec);
  if (!cilium || cilium.major !== 1 || !ciliumKubernetes[cilium.minor]) return;
  if (ciliumMaintained.includes(cilium.minor)) return;
  yield {
    propertyPath: "cilium.version",
    got: spec.cilium.version,
    reason: `Cilium ${minorOf(cilium)} gets no more fixes`,
    fix: `maintained are 1.${ciliumMaintained[0]} to 1.${ciliumMaintained.at(-1)}`,
  };
}

function parsed(spec: ClusterSpec) {
  return {
    talos: parseVersion(spec.talosVersion),
    kubernetes: parseVersion(spec.kubernetesVersion),
    cilium: parseVersion(spec.cilium.version),
  };
}

function within(minor: number, { from, to }: { from: number; to: number }): boolean {
  return minor >= from && minor <= to;
}
