import { type ClusterSpec, nearest, parseClusterSpec } from "pulumi-talos-cilium/spec";

import { isSecure } from "./fleetStack";
import type { Environment } from "./readEnvironments";

/** The operator makes a Service and a StatefulSet `<name>-workspace`, whose names are short labels. */
const NAME = /^[a-z]([-a-z0-9]{0,40}[a-z0-9])?$/;

/** What is wrong with each environment, and with any two of them. Pure. */
export function environmentProblems(
  environments: readonly Environment[],
  project: string,
): string[] {
  const parsed = environments.map((environment) => {
    const { name, config } = environment;
    const keys = Object.keys(config);
    const { spec, problems } = parseClusterSpec(config[`${project}:cluster`], {
      projectName: project,
      configKeys: keys,
      secretKeys: keys.filter((key) => isSecure(config[key])),
    });
    const ofCluster = problems.map(({ propertyPath, reason, fix }) =>
      [propertyPath, `${reason}; ${fix}`].filter(Boolean).join(" "),
    );
    const own = [...nameProblems(name), ...nestedSecrets(environment, project), ...ofCluster];
    return { name, spec, own: own.map((problem) => `${fileOf(name)}: ${problem}`) };
  });
  return [...parsed.flatMap(({ own }) => own), ...sharedProblems(parsed)];
}

/** What is said to be under review and is no environment: its namesake would be updated. Pure. */
export function reviewProblems(reviewed: readonly string[], known: readonly string[]): string[] {
  return reviewed
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const fix = guess ? `did you mean ${guess}?` : "remove it";
      return `fleet.yaml: underReview.${name} there is no such environment; ${fix}`;
    });
}

function nameProblems(name: string): string[] {
  if (NAME.test(name)) return [];
  const legal = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const fix = NAME.test(legal) ? `rename the file to ${fileOf(legal)}` : "rename the file";
  return [
    `the operator takes up to 42 small letters, digits and -, beginning with a letter; ${fix}, and a stack that is there by pulumi stack rename`,
  ];
}

/** A Stack takes a whole key from a Secret; what is encrypted inside one would go on as ciphertext. */
function nestedSecrets({ config }: Environment, project: string): string[] {
  return Object.entries(config)
    .filter(
      ([key, value]) => key !== `${project}:cluster` && !isSecure(value) && holdsSecure(value),
    )
    .map(
      ([key]) => `${key} it holds an encrypted value; encrypt the whole key, or give it its own`,
    );
}

function holdsSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecure(value) || Object.values(value).some(holdsSecure);
}

interface ParsedEnvironment {
  readonly name: string;
  readonly spec?: ClusterSpec;
}

/**
 * One place runs the whole fleet, so that one address leads to one machine: who copies a file and
 * forgets an address would have two stacks configure the same machine.
 */
function sharedProblems(environments: readonly ParsedEnvironment[]): string[] {
  const owners = new Map<string, string>();
  return environments.flatMap(({ name, spec }) => {
    const addresses = spec ? addressesOf(spec) : [];
    const problems = addresses.flatMap(({ address, path, fix }) => {
      const owner = owners.get(address);
      if (owner === undefined) return [];
      return `${fileOf(name)}: ${path} ${address} stands in ${fileOf(owner)}, too; ${fix}`;
    });
    // Afterwards: machines of one cluster may be reached at one endpoint.
    for (const { address } of addresses) owners.set(address, name);
    return problems;
  });
}

/** Where the fleet reaches a cluster. */
function addressesOf({ clusterEndpoint, nodes }: ClusterSpec) {
  return [
    {
      address: new URL(clusterEndpoint).origin,
      path: "clusterEndpoint",
      fix: "write that of this cluster",
    },
    ...nodes.map(({ endpoint, ipAddress }, index) => ({
      address: endpoint ?? ipAddress,
      path: `nodes[${index}].${endpoint === undefined ? "ipAddress" : "endpoint"}`,
      fix: "write that of this machine, or add the endpoint by which alone it is reached",
    })),
  ];
}

function fileOf(name: string): string {
  return `Pulumi.${name}.yaml`;
}
