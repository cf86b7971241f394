import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import { at, of } from "./bgpParts";
import { ownValue } from "./chartValue";
import type { CiliumRule } from "./ciliumRule";

/** Passwords of sessions, and the Secrets that hold them. */
export const bgpPasswordRules: readonly CiliumRule[] = [
  { id: "bgp-password", check: bgpPassword },
  { id: "bgp-secrets-namespace", check: bgpSecretsNamespace },
];

function* bgpPassword(cilium: CiliumSpec): Iterable<Finding> {
  for (const [name, { passwordFrom, authSecretRef }] of Object.entries(of(cilium).peerConfigs)) {
    if (passwordFrom === undefined || authSecretRef === undefined) continue;
    yield {
      propertyPath: at("peerConfigs", name, "authSecretRef"),
      got: authSecretRef,
      reason: "passwordFrom makes a Secret of its own",
      fix: "keep one of both",
    };
  }
}

// Agents look for passwords in one namespace, and the program makes its Secrets in kube-system.
function* bgpSecretsNamespace(cilium: CiliumSpec): Iterable<Finding> {
  const path = "bgpControlPlane.secretsNamespace.name";
  const got = ownValue(cilium, path) ?? "kube-system";
  const peer = Object.entries(of(cilium).peerConfigs).find(([, each]) => each.passwordFrom);
  if (!peer || got === "kube-system") return;
  yield {
    propertyPath: `cilium.values.${path}`,
    got,
    reason: `the Secret of ${at("peerConfigs", peer[0], "passwordFrom")} is made in kube-system, where agents then do not look`,
    fix: "remove it, or make the Secret yourself and name it in authSecretRef",
  };
}
