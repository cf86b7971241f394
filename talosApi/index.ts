export { channelCredentials, pemOf, standardPem, type ClientCredentials } from "./credentials";
export { messageType, serviceConstructor, SERVICES, talosDefinitions } from "./definitions";
export { DEFAULT_TALOS_PORT, formatEndpoint, parseEndpoint, type TalosEndpoint } from "./endpoint";
export { kubeconfigFromArchive } from "./kubeconfigArchive";
export type * from "./messages";
export { TalosClient } from "./talosClient";
export type { TalosClientOptions } from "./talosConnection";
export { codeName, TalosApiError } from "./talosApiError";
