export { Cilium, type CiliumArgs } from "./cilium";
