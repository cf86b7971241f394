import { createHash } from "node:crypto";

/** What all Stacks of a fleet share, as in `fleet.yaml`. */
export interface Fleet {
  readonly project: string;
  readonly organization: string;
  readonly namespace: string;
  /** Where the program is. */
  readonly repository: string;
  /** The program's revision: a change of it is a change of every Stack. */
  readonly commit: string;
  /** Branch by environment: these are previewed from it and never updated. */
  readonly underReview: Readonly<Record<string, string>>;
  /** Seconds between two looks for drift. */
  readonly driftSeconds: number;
  readonly image: string;
  readonly serviceAccount: string;
  readonly credentials: Readonly<Record<string, SecretKey>>;
}

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** An environment: its name and the `config` of its stack file. */
export interface Environment {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The Stack of the Pulumi Kubernetes Operator for one environment. It carries the configuration of
 * the stack file itself: so a changed file runs its own cluster and no other, which a Stack that
 * follows a branch cannot do. What is encrypted there comes from a Secret `<environment>-config`.
 * Deleting a Stack destroys nothing. Pure.
 */
export function fleetStack({ name, config }: Environment, fleet: Fleet): object {
  const branch = fleet.underReview[name];
  const entries = Object.entries(config);
  const secretKeys = entries.filter(([, value]) => isSecure(value)).map(([key]) => key);
  const secretsRef = Object.fromEntries(
    secretKeys.map((key) => [key, secretRef({ name: `${name}-config`, key: key.split(":")[1]! })]),
  );
  return {
    apiVersion: "pulumi.com/v1",
    kind: "Stack",
    metadata: {
      name,
      namespace: fleet.namespace,
      labels: { "app.kubernetes.io/part-of": fleet.project },
    },
    spec: {
      stack: `${fleet.organization}/${fleet.project}/${name}`,
      projectRepo: fleet.repository,
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

/** A value of a stack file that Pulumi encrypted. Pure. */
export function isSecure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
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
