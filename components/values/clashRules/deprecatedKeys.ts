import { minorNumber } from "../minorNumber";
import { removedKeys } from "../removedKeys";
import { type ClashRule, get, replacesKubeProxy } from "./clashRule";

interface DeprecatedKey {
  readonly path: string;
  /** The minor that said so. */
  readonly since: number;
  readonly fix: string;
}

/** Keys that still work, and that a later chart has announced to take away. */
export const deprecatedKeys: readonly DeprecatedKey[] = [
  { path: "localRedirectPolicy", since: 18, fix: "set localRedirectPolicies.enabled" },
  { path: "tls.secretsBackend", since: 17, fix: "set tls.readSecretsOnlyFromSecretsNamespace" },
  { path: "hubble.preferIpv6", since: 20, fix: "set preferIpv6" },
  {
    path: "authentication.mutual.spire.enabled",
    since: 20,
    fix: "encrypt with encryption.type wireguard or ztunnel instead",
  },
];

/** One rule for each, all of one id. */
export const deprecatedKeyRules: readonly ClashRule[] = deprecatedKeys.map(
  ({ path, since, fix }) => ({
    id: "deprecated-chart-key",
    warns: true,
    path,
    breaks: (values, { minor }) => minor >= since && Boolean(get(values, path)),
    reason: `Cilium 1.${since} calls it deprecated, and a later chart will take no notice of it`,
    fix,
  }),
);

/** What the replacement of kube-proxy brings by itself; a removed key that says otherwise is refused. */
export const impliedKeyRules: readonly ClashRule[] = removedKeys
  .filter(({ impliedByReplacement }) => impliedByReplacement)
  .map(({ path, since, fix }) => ({
    id: "implied-chart-key",
    warns: true,
    path,
    breaks: (values, { minor }) =>
      replacesKubeProxy(values) &&
      (get(values, path) === true || (get(values, path) === false && minor < minorNumber(since))),
    reason: "it does nothing where kubeProxyReplacement is true",
    fix,
  }));
