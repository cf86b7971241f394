/** What holds where the stack configuration says nothing. No version has a default. */

/** Networks that pods get their addresses from. */
export const DEFAULT_POD_SUBNETS: readonly string[] = ["10.244.0.0/16"];
/** Networks that services get their addresses from. */
export const DEFAULT_SERVICE_SUBNETS: readonly string[] = ["10.96.0.0/12"];
export const DEFAULT_DNS_DOMAIN = "cluster.local";

export const DEFAULT_KUBE_PRISM_ENABLED = true;
export const DEFAULT_KUBE_PRISM_PORT = 7445;
export const DEFAULT_HOST_DNS_ENABLED = true;
export const DEFAULT_ALLOW_SCHEDULING_ON_CONTROL_PLANES = false;
export const DEFAULT_SERVING_CERT_APPROVER = false;
export const DEFAULT_KUBE_PROXY = false;

/** A run that takes longer from bootstrap to a ready cluster warns. */
export const DEFAULT_BOOTSTRAP_WINDOW = "10m";
/** A gate gives up after this. */
export const DEFAULT_READY_TIMEOUT = "15m";
export const DEFAULT_APPLY_MODE = "auto";
/** Whether the machine secrets are protected from deletion. */
export const DEFAULT_PROTECT = true;

/** A Helm release behind the gate of the API server. */
export const DEFAULT_INSTALL_METHOD = "release";
export const DEFAULT_CHART = "cilium";
/** Where {@link DEFAULT_CHART} and other bare chart names are looked up. */
export const DEFAULT_CHART_REPOSITORY = "https://helm.cilium.io/";
export const DEFAULT_KUBE_PROXY_REPLACEMENT = true;
export const DEFAULT_HUBBLE_ENABLED = true;
export const DEFAULT_HUBBLE_RELAY = false;
export const DEFAULT_HUBBLE_UI = false;
