import { createHash } from "node:crypto";

import type { Fleet, SecretKey } from "./parseFleet";
import type { Environment } from "./readEnvironments";

/** Label by which a Stack is known to be of the fleet of its project. */
export const PART_OF = "app.kubernetes.io/part-of";

/**
 * The Stack of the Pulumi Kubernetes Operator for one environment. It carries the configuration of
 * the stack file itself: so a changed file runs its own cluster and no other, which a Stack that
 * follows a branch cannot do. What is encrypted there comes from a Secret `<environment>-config`,
 * `aws:token` from its key `aws.token`. Deleting a Stack destroys nothing. Pure.
 */
export function fleetStack({ name, config }: Environment, fleet: Fleet): object {
  const branch = fleet.underReview?.[name];
  const entries = Object.entries(config);
  const secretKeys = entries.filter(([, value]) => isSecure(value)).map(([key]) => key);
  const secretsRef = Object.fromEntries(
    secretKeys.map((key) => [
      key,
      // A key of a Secret takes no colon, and the name alone may stand in two namespaces.
      secretRef({ name: `${name}-config`, key: key.replaceAll(":", ".") }),
    ]),
  );
  return {
    apiVersion: "pulumi.com/v1",
    kind: "Stack",
    metadata: {
      name,
      namespace: fleet.namespace,
      labels: { [PART_OF]: fleet.project },
    },
    spec: {
      stack: `${fleet.organization}/${fleet.project}/${name}`,
      projectRepo: fleet.repository,
      ...(fleet.gitToken && { gitAuth: { accessToken: secretRef(fleet.gitToken) } }),
      ...(branch ? { branch, preview: true } : { commit: fleet.commit }),
      shallow: true,
      config: Object.fromEntries(entries.filter(([, value]) => !isSecure(value))),
      ...(secretKeys.length > 0 && { secretsRef }),
      envRefs: mapValues(fleet.credentials, secretRef),
      // Drift: refreshed and compared, also while nothing was committed.
      refresh: true,
      continueResyncOnCommitMatch: true,
      resyncFrequencySeconds: fleet.driftSeconds + spread(name, fleet.driftSeconds / 10),
      retryOnUpdateConflict: true,
      destroyOnFinalize: false,
      workspaceTemplate: {
        spec: {
          image: fleet.image,
          serviceAccountName: fleet.serviceAccount,
          securityProfile: "restricted",
          resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1Gi" } },
        },
      },
    },
  };
}

/** Whether Pulumi encrypted a value of a stack file: an object with nothing in it but that text. Pure. */
export function isSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const [[key, text] = [], ...more] = Object.entries(value) as [string, unknown][];
  return key === "secure" && typeof text === "string" && more.length === 0;
}

function secretRef(secret: SecretKey): object {
  return { type: "Secret", secret };
}

/** The same whole number for the same name, from 0 up to `below`: five hundred must not run at once. */
function spread(name: string, below: number): number {
  return (
    createHash("sha256").update(name).digest().readUInt32BE(0) % Math.max(1, Math.round(below))
  );
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => object): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
