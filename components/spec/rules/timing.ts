import { durationSeconds, isDuration } from "../duration";
import type { ClusterSpec } from "../schema";
import { parseVersion } from "../versions";
import type { Finding, Rule } from "./rule";

/** Time limits, and when a configuration takes effect. */
export const timingRules: readonly Rule[] = [
  { id: "duration", check: duration },
  { id: "ready-timeout-too-short", check: readyTimeoutTooShort },
  { id: "ready-timeout-below-window", warns: true, check: readyTimeoutBelowWindow },
  { id: "apply-mode-new-machine", warns: true, check: applyModeOfNewMachine },
];

function* duration(spec: ClusterSpec): Iterable<Finding> {
  const texts = {
    bootstrapWindow: spec.bootstrapWindow,
    readyTimeout: spec.readyTimeout,
    "cilium.timeout": spec.cilium.timeout,
    "cilium.monitoring.interval": spec.cilium.monitoring?.interval,
    "cilium.encryption.persistentKeepalive": spec.cilium.encryption?.persistentKeepalive,
    "cilium.encryption.ipsec.keyRotationDuration":
      spec.cilium.encryption?.ipsec?.keyRotationDuration,
  };
  for (const [propertyPath, got] of Object.entries(texts)) {
    if (got === undefined || seconds(got) > 0) continue;
    const number = /^\s*(\d+)\s*(s|m|h)[a-z]*\s*$/i.exec(got) ?? /^(\d+)()$/.exec(got);
    yield {
      propertyPath,
      got,
      reason: isDuration(got) ? "it must be longer than nothing" : "it is no Go duration",
      fix:
        number && Number(number[1]) > 0
          ? `write ${number[1]}${(number[2] || "s").toLowerCase()}`
          : "write a number with its unit, such as 90s, 10m or 1h30m",
    };
  }
}

function* readyTimeoutTooShort({ readyTimeout, cilium }: ClusterSpec): Iterable<Finding> {
  if (cilium.timeout === undefined || seconds(readyTimeout) >= seconds(cilium.timeout)) return;
  if (!(seconds(readyTimeout) > 0)) return;
  yield {
    propertyPath: "readyTimeout",
    got: readyTimeout,
    reason: `the gate would give up before the release of Cilium may (cilium.timeout, ${cilium.timeout})`,
    fix: `write ${cilium.timeout} or more, or lower cilium.timeout`,
  };
}

function* readyTimeoutBelowWindow(spec: ClusterSpec): Iterable<Finding> {
  const { readyTimeout, bootstrapWindow } = spec;
  if (!(seconds(readyTimeout) > 0 && seconds(readyTimeout) < seconds(bootstrapWindow))) return;
  yield {
    propertyPath: "readyTimeout",
    got: readyTimeout,
    reason: `a gate gives up before the bootstrap window (${bootstrapWindow}) is over`,
    fix: `write ${bootstrapWindow} or more, or lower bootstrapWindow`,
  };
}

/** Seconds of a duration; not a number for what is none, which compares with nothing. */
function seconds(text: string): number {
  return isDuration(text) ? durationSeconds(text) : NaN;
}

// Before Talos 1.13 a machine in maintenance mode knows no mode but auto and reboot.
function* applyModeOfNewMachine({ applyMode, talosVersion }: ClusterSpec): Iterable<Finding> {
  const version = parseVersion(talosVersion);
  const isOlder = version !== undefined && version.minor < 13;
  const stays = applyMode === "staged" || (isOlder && /^(no_reboot|staged_)/.test(applyMode));
  if (!stays) return;
  yield {
    propertyPath: "applyMode",
    got: applyMode,
    reason:
      "a machine in maintenance mode stays there with it: nothing is wrong while all machines are configured, but a new cluster or a new machine does not come up",
    fix: "set it back to auto before a machine joins",
  };
}
