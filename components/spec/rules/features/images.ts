import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** Where images come from. */
export const imageRules: readonly CiliumRule[] = [{ id: "image-registry", check: imageRegistry }];

const REGISTRY = /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*$/;

function* imageRegistry({ imageRegistry: got }: CiliumSpec): Iterable<Finding> {
  if (got === undefined || REGISTRY.test(got)) return;
  const bare = got.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "");
  yield {
    propertyPath: "cilium.imageRegistry",
    got,
    reason: "names of images would begin with it, and it is no host with perhaps a port and a path",
    fix: REGISTRY.test(bare) ? `write ${bare}` : "write for example registry.example.org/mirror",
  };
}
