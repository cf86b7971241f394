import type { ChartValues } from "../chartValues";
import { get, given, on, type RenderRule } from "./renderRule";

/** Hubble's certificates: each is made by something, or comes in a Secret or as values. */
export const hubbleCertificateRules: readonly RenderRule[] = [
  {
    path: "hubble.tls.auto.certManagerIssuerRef",
    since: 14,
    breaks: (values) =>
      hasTLS(values) &&
      on(values, "hubble.tls.auto.enabled", true) &&
      get(values, "hubble.tls.auto.method") === "certmanager" &&
      !given(values, "hubble.tls.auto.certManagerIssuerRef"),
    reason: "the method certmanager needs an issuer",
    fix: "set group, kind and name of a cert-manager issuer",
  },
  byHand("hubble.tls.server", "the server", () => true),
  byHand("hubble.relay.tls.client", "the relay", (values) => on(values, "hubble.relay.enabled")),
  byHand("hubble.relay.tls.server", "the relay's own server", relayServesTLS),
  byHand(
    "hubble.ui.tls.client",
    "the UI",
    (values) => on(values, "hubble.ui.enabled") && relayServesTLS(values),
  ),
  {
    ...byHand("hubble.metrics.tls.server", "the server of metrics", () => true),
    breaks: (values) =>
      on(values, "hubble.enabled", true) &&
      on(values, "hubble.metrics.tls.enabled") &&
      !on(values, "hubble.tls.auto.enabled", true) &&
      !hasCertificate(values, "hubble.metrics.tls.server"),
  },
];

/** A certificate that nothing makes while `hubble.tls.auto` is off. */
function byHand(path: string, owner: string, wanted: (values: ChartValues) => boolean): RenderRule {
  return {
    path: `${path}.existingSecret`,
    since: 16,
    breaks: (values) =>
      hasTLS(values) &&
      !on(values, "hubble.tls.auto.enabled", true) &&
      wanted(values) &&
      !hasCertificate(values, path),
    reason: `hubble.tls.auto.enabled is false, and there is no certificate for ${owner}`,
    fix: "set the name of a Secret with ca.crt, tls.crt and tls.key",
  };
}

function hasTLS(values: ChartValues): boolean {
  return on(values, "hubble.enabled", true) && on(values, "hubble.tls.enabled", true);
}

function relayServesTLS(values: ChartValues): boolean {
  return on(values, "hubble.relay.enabled") && on(values, "hubble.relay.tls.server.enabled");
}

function hasCertificate(values: ChartValues, path: string): boolean {
  return (
    given(values, `${path}.existingSecret`) ||
    (given(values, `${path}.cert`) && given(values, `${path}.key`))
  );
}
