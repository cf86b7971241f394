import { isDnsLabel, isDnsName } from "../../kubernetesNames";
import { propertyPath } from "../../propertyPath";
import type { CiliumSpec } from "../../schema";
import type { Finding } from "../rule";
import type { CiliumRule } from "./ciliumRule";

/** Objects that a feature names and somebody else may make; the API server refuses what no object is called. */
export const referenceRules: readonly CiliumRule[] = [
  { id: "object-reference", check: objectReference },
];

type Path = readonly (string | number)[];

/** Keys that hold the name of a Secret, whatever feature they are of. */
const SECRETS = /^((tls|default)?[sS]ecretName|(server|relayClient|existing)Secret|authSecretRef)$/;

/** Lists and groups whose `name` is that of another object. */
const OWNERS: Readonly<Record<string, string>> = {
  backendRefs: "Service",
  parentRefs: "Gateway",
  gateway: "Gateway",
  issuerRef: "issuer",
};

function* objectReference({ values: _, ...features }: CiliumSpec): Iterable<Finding> {
  for (const [path, kind, got] of references(features, ["cilium"])) {
    // Services have a label in DNS, others a name.
    if (kind === "Service" ? isDnsLabel(got) : isDnsName(got)) continue;
    yield {
      propertyPath: propertyPath(path),
      got,
      reason: `no ${kind} is called so: ${kind === "Service" ? "up to 63 of a-z, 0-9 and -" : "a DNS name in lower case"}`,
      fix: `write the name of the ${kind}, for example ${kind === "Secret" ? "web-tls" : "web"}`,
    };
  }
}

/** Every such name in the features, wherever it stands. */
function* references(value: unknown, path: Path): Iterable<[Path, string, string]> {
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, inner] of isList ? value.entries() : Object.entries(value)) {
    const kind = isList ? undefined : kindOf(String(key), path);
    if (kind !== undefined && typeof inner === "string") yield [[...path, key], kind, inner];
    else yield* references(inner, [...path, key]);
  }
}

function kindOf(key: string, path: Path): string | undefined {
  if (key === "serviceName") return "Service";
  if (SECRETS.test(key)) return "Secret";
  const owner = path.findLast((each) => typeof each === "string");
  return key === "name" && owner !== undefined ? OWNERS[owner] : undefined;
}
