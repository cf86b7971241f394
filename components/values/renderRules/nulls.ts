import { get, type RenderRule } from "./renderRule";

/** Values that templates cannot do without, though they are no maps with keys of the chart's own. */
const NEEDED = [
  "cgroup.hostRoot",
  "extraConfig",
  "gke.enabled",
  "global",
  "hubble.tls.enabled",
  "ipv4.enabled",
  "maglev",
];

export const nullRules: readonly RenderRule[] = NEEDED.map((path) => ({
  path,
  since: 16,
  breaks: (values) => get(values, path) === null,
  reason: "null takes the chart's own value out, and the render ends without one",
  fix: "remove the key to get the chart's own",
}));
