import { get, type RenderRule } from "./renderRule";

/** Go's own syntax, as in `1h30m`. */
const DURATION = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

/** Durations that a template parses; the minor of the first chart that does. */
const PARSED: Readonly<Record<string, number>> = {
  "authentication.gcInterval": 14,
  "authentication.mutual.connectTimeout": 14,
  "bpf.monitorInterval": 14,
  conntrackGCInterval: 14,
  conntrackGCMaxInterval: 14,
  crdWaitTimeout: 14,
  "encryption.ipsec.keyRotationDuration": 14,
  "envoyConfig.retryInterval": 14,
  "hubble.export.aggregationInterval": 19,
  "hubble.lostEventSendInterval": 19,
  identityChangeGracePeriod: 14,
  "ipam.ciliumNodeUpdateRate": 14,
  "operator.endpointGCInterval": 14,
  "operator.identityGCInterval": 14,
  "operator.identityHeartbeatTimeout": 14,
  "operator.nodeGCInterval": 14,
};

export const durationRules: readonly RenderRule[] = Object.entries(PARSED).map(
  ([path, since]): RenderRule => ({
    path,
    since,
    breaks: (values) => {
      const value = get(values, path);
      return Boolean(value) && !DURATION.test(String(value));
    },
    reason: "the chart reads a duration of Go here",
    fix: "write a number and a unit, for example 30s, 5m or 1h30m",
  }),
);
