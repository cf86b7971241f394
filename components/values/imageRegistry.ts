import type { ChartValues } from "./chartValues";
import { mergeValues, treeOf } from "./chartValues";
import { minorNumber } from "./minorNumber";

/** An image of the chart: its value, its name behind the registry, and the minors that have it so. */
interface ChartImage {
  readonly path: string;
  readonly name: string;
  /** @default all of them */
  readonly since?: number;
  readonly until?: number;
}

/** Every image that the chart names; digests stand beside `repository`, and stay. */
const IMAGES: readonly ChartImage[] = [
  { path: "image", name: "cilium/cilium" },
  { path: "operator.image", name: "cilium/operator" },
  { path: "envoy.image", name: "cilium/cilium-envoy" },
  { path: "certgen.image", name: "cilium/certgen" },
  { path: "hubble.relay.image", name: "cilium/hubble-relay" },
  { path: "hubble.ui.frontend.image", name: "cilium/hubble-ui" },
  { path: "hubble.ui.backend.image", name: "cilium/hubble-ui-backend" },
  { path: "clustermesh.apiserver.image", name: "cilium/clustermesh-apiserver" },
  { path: "nodeinit.image", name: "cilium/startup-script" },
  { path: "preflight.image", name: "cilium/cilium" },
  { path: "preflight.envoy.image", name: "cilium/cilium-envoy", since: 18 },
  { path: "encryption.ztunnel.image", name: "istio/ztunnel", since: 19, until: 19 },
  { path: "encryption.ztunnel.image", name: "cilium/ztunnel", since: 20 },
  { path: "authentication.mutual.spire.install.initImage", name: "library/busybox" },
  { path: "authentication.mutual.spire.install.agent.image", name: "spiffe/spire-agent" },
  { path: "authentication.mutual.spire.install.server.image", name: "spiffe/spire-server" },
];

/** Every image of the chart from one registry; nothing where none is named. */
export function imageRegistryValues(input: {
  readonly version: string;
  readonly imageRegistry?: string;
}): ChartValues {
  const { version, imageRegistry } = input;
  if (imageRegistry === undefined) return {};
  const minor = minorNumber(version);
  return IMAGES.filter(({ since = 0, until = Infinity }) => since <= minor && minor <= until)
    .map(({ path, name }) => treeOf([...path.split("."), "repository"], `${imageRegistry}/${name}`))
    .reduce(mergeValues);
}

/** The same image from another registry, with its tag and digest; unchanged where none is named. Pure. */
export function onRegistry(image: string, imageRegistry: string | undefined): string {
  if (imageRegistry === undefined) return image;
  const [host = "", ...name] = image.split("/");
  // A first part without dot or colon is no host: such a name is one of Docker Hub.
  const isHost = name.length > 0 && (/[.:]/.test(host) || host === "localhost");
  const rest = isHost ? name.join("/") : image;
  return `${imageRegistry}/${rest.includes("/") ? rest : `library/${rest}`}`;
}
