import type { ChartValues } from "../chartValues";
import { get, given, on, type RenderRule } from "./renderRule";

/** Hubble's parts and what they show. */
export const hubbleRules: readonly RenderRule[] = [
  {
    path: "hubble.ui.enabled",
    since: 14,
    breaks: (values) =>
      on(values, "hubble.ui.enabled") &&
      !on(values, "hubble.ui.standalone.enabled") &&
      !on(values, "hubble.relay.enabled"),
    reason: "the UI reads from the relay, which is off",
    fix: "set hubble.relay.enabled to true",
  },
  {
    path: "hubble.ui.standalone.tls.certsVolume",
    since: 14,
    breaks: (values) =>
      on(values, "hubble.ui.enabled") &&
      on(values, "hubble.ui.standalone.enabled") &&
      on(values, "hubble.relay.tls.server.enabled") &&
      !given(values, "hubble.ui.standalone.tls.certsVolume"),
    reason: "a UI on its own needs a client certificate where the relay serves TLS",
    fix: "set a volume that holds the certificate",
  },
  ...["backend", "frontend"].map((part): RenderRule => {
    const path = `hubble.ui.${part}.image.tag`;
    return {
      path,
      since: 14,
      breaks: (values) => on(values, "hubble.ui.enabled") && isOldUI(values, path),
      reason: "the chart knows the UI from v0.9.0 on",
      fix: "set v0.9.0 or newer, or remove it to get the chart's own",
    };
  }),
  {
    path: "hubble.relay.enabled",
    since: 14,
    breaks: (values) => on(values, "hubble.relay.enabled") && !on(values, "hubble.enabled", true),
    reason: "the relay reads from Hubble, which is off",
    fix: "set hubble.enabled to true",
  },
  {
    path: "hubble.redact.http.headers",
    since: 15,
    breaks: (values) =>
      given(values, "hubble.redact.http.headers.allow") &&
      given(values, "hubble.redact.http.headers.deny"),
    reason: "allow and deny exclude each other",
    fix: "keep one of them",
  },
];

/** The chart compares no tag where one of both is `latest`. */
function isOldUI(values: ChartValues, path: string): boolean {
  const tags = ["backend", "frontend"].map((part) => get(values, `hubble.ui.${part}.image.tag`));
  const tag = get(values, path);
  return !tags.includes("latest") && typeof tag === "string" && !isFrom09(tag);
}

function isFrom09(tag: string): boolean {
  const [, major, minor] = /^v?(\d+)(?:\.(\d+))?(?:\.\d+)?(?:[-+@]|$)/.exec(tag) ?? [];
  return major !== undefined && (Number(major) > 0 || Number(minor ?? 0) >= 9);
}
