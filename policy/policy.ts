import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
} from "@pulumi/policy";

import { knownProperties } from "./knownProperties";
import { findingText, type Finding } from "./rules/finding";
import { isProd, stackOf } from "./rules/prod";

/** `prod` of a policy's configuration. */
export const PROD_CONFIG = {
  properties: {
    prod: {
      type: "boolean" as const,
      description:
        "Whether the stack is marked prod. Left out: by its tag `prod`, else by its name.",
    },
  },
};

/** Whether the stack of a resource is marked prod, for a policy that has {@link PROD_CONFIG}. */
export function isMarkedProd(
  args: ResourceValidationArgs | StackValidationArgs,
  urn: string,
): boolean {
  const { prod } = args.getConfig<{ prod?: boolean }>();
  return isProd({ stack: stackOf(urn), tags: args.stackTags, configured: prod });
}

/**
 * A policy that looks at one resource at a time, at what it is given.
 *
 * @param findings from the properties as plain data; none where the policy is not about the resource
 */
export function resourcePolicy(
  name: string,
  description: string,
  findings: (args: ResourceValidationArgs, props: unknown) => readonly Finding[],
): ResourceValidationPolicy {
  return {
    name,
    description,
    validateResource: (args, report) =>
      reportAll(findings(args, knownProperties(args.props)), args, report),
  };
}

/** Reports findings on a resource, each as a violation. */
export function reportAll(
  findings: readonly Finding[],
  { name, urn }: { readonly name: string; readonly urn: string },
  report: ReportViolation,
): void {
  for (const finding of findings) report(findingText(name, finding), urn);
}
