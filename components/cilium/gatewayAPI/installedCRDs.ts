import * as pulumi from "@pulumi/pulumi";

import { formatProblems } from "../../problems";
import type { CiliumSpec } from "../../spec";
import type { CiliumObject } from "../objects";
import { gatewayCRDs } from "./crds";

/**
 * The CRDs of Gateway API as objects to make.
 *
 * @throws ResourceError at `parent` where they cannot be downloaded
 */
export function installedCRDs(cilium: CiliumSpec, parent: pulumi.Resource): CiliumObject[] {
  try {
    return gatewayCRDs(cilium);
  } catch (error) {
    const problem = {
      id: "gateway-crds",
      propertyPath: "cilium.gatewayAPI.crds",
      reason: `the CRDs of Gateway API cannot be had: ${(error as Error).message}`,
      fix: "run again with network, or download them yourself and give the file",
    };
    throw new pulumi.ResourceError(formatProblems([problem]), parent, true);
  }
}
