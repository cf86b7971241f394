export { Cilium, type CiliumArgs } from "./cilium";
export type { Manifest } from "./objects";
export * from "./singleManifests";
