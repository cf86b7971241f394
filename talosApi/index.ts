export { channelCredentials, pemOf, standardPem, type ClientCredentials } from "./credentials";
export { messageType, serviceConstructor, SERVICES, talosDefinitions } from "./definitions";
export { DEFAULT_TALOS_PORT, formatEndpoint, parseEndpoint, type TalosEndpoint } from "./endpoint";
export { kubeconfigFromArchive } from "./kubeconfigArchive";
export type * from "./messages";
export { TalosClient, type TalosClientOptions } from "./talosClient";
export { codeName, TalosApiError } from "./talosApiError";
