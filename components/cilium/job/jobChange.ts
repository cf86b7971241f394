import type { Found } from "../../silencing";
import type { InstallMethod } from "../../spec/cilium/installMethod";

/** What the readiness gate noted of a Cilium. */
export interface NotedCilium {
  /** Id of the Kubernetes cluster: another one was made anew, and nothing is installed there. */
  readonly cluster?: unknown;
  /** Absent where a release is made. */
  readonly installMethod?: InstallMethod;
  /** Whom it was handed over to. */
  readonly managedBy?: unknown;
  readonly version?: string;
  /** Hash of the chart's values. */
  readonly values?: string;
}

/** What a change asks of a Job that cannot do it, because it installs and nothing else. Pure. */
export function jobChangeFindings(from: NotedCilium, to: NotedCilium): Found[] {
  if (to.installMethod !== "job") return [];
  if (from.installMethod !== "job") {
    return [
      {
        id: "job-too-late",
        propertyPath: "cilium.installMethod",
        got: to.installMethod,
        reason: "Cilium is there, and the Job could only fail to install it a second time",
        fix: "choose another method: inline and hosted are by Talos as well",
      },
    ];
  }
  if (from.cluster !== to.cluster) return [];
  const isOtherVersion = withoutV(from.version) !== withoutV(to.version);
  if (!isOtherVersion && from.values === to.values) return [];
  return [
    {
      id: "job-installs-once",
      ...(isOtherVersion
        ? { propertyPath: "cilium.version", got: to.version }
        : { propertyPath: "cilium" }),
      reason: `the Job has installed Cilium ${from.version}, and ${isOtherVersion ? "another version" : "other values"} would change the machine configuration alone`,
      fix: "choose the method release, which takes over what the Job installed, and change it then; where another number of nodes is all that changed, write the operatorReplicas that there are; where you have upgraded the release by hand to just this, silence the rule",
    },
  ];
}

function withoutV(version: string | undefined): string | undefined {
  return version?.replace(/^v/, "");
}
