import { holdsSecretDocument } from "../../secretDocuments";
import {
  holdsSecretText,
  isSecretArgument,
  isSecretEntry,
  standsForSecret,
} from "../../secretForms";
import { isObject } from "../configPatches/parsePatch";
import { cachedPatch } from "../configPatches/patchCache";
import { allPatches } from "../configPatches/userPatches";
import { propertyPath } from "../propertyPath";
import type { ClusterSpec } from "../schema";
import { holdsPrivateKey, holdsSecret } from "../secretKeys";
import type { Finding, Rule } from "./rule";

/** Secrets that stand in clear where everybody reads them. */
export const secretRules: readonly Rule[] = [
  { id: "secret-in-patch", check: secretInPatch },
  { id: "secret-in-values", check: secretInValues },
  { id: "secret-literal", check: secretLiteral },
];

type Path = readonly (string | number)[];

const NAME_IT =
  "put the whole patch into a secret (pulumi config set --secret <name> < patch.yaml) and write <name> into configPatchesFrom";

function* secretInPatch(spec: ClusterSpec): Iterable<Finding> {
  for (const { text, propertyPath: path } of allPatches(spec)) {
    const patch = cachedPatch(text);
    if (patch.kind === "faulty") {
      if (holdsPrivateKey(text) || holdsSecretText(text)) {
        yield {
          propertyPath: path,
          reason: "it holds a secret, which previews and the configuration file show to everybody",
          fix: NAME_IT,
        };
      }
      continue;
    }
    const found =
      patch.kind === "strategic"
        ? patch.documents.flatMap(({ value, lineOf }) =>
            [...secretsIn(value)].map((where) => ({ where, line: `line ${lineOf(where)}: ` })),
          )
        : patch.operations.flatMap((operation) => {
            const at = String(operation["path"]).split("/").slice(1);
            return [...secretsIn(operation["value"], at)].map((where) => ({ where, line: "" }));
          });
    for (const { where, line } of found) {
      yield {
        propertyPath: path,
        reason: `${line}${propertyPath(where)} is a secret, which previews and the configuration file show to everybody`,
        fix: NAME_IT,
      };
    }
  }
}

function* secretInValues({ cilium }: ClusterSpec): Iterable<Finding> {
  for (const where of secretsIn(cilium.values, ["cilium", "values"])) {
    yield {
      propertyPath: propertyPath(where),
      reason: "it is a secret, which previews and the configuration file show to everybody",
      fix: "make a Kubernetes Secret in kube-system and name it in the chart's value for existing secrets",
    };
  }
}

/** Places where no secret belongs at all: a private key in one is a slip of the clipboard. */
function* secretLiteral(spec: ClusterSpec): Iterable<Finding> {
  const { cilium, ...rest } = spec;
  const others = {
    ...rest,
    // Its own rule says it, with the corrected URL.
    clusterEndpoint: "",
    configPatches: [],
    controlPlaneConfigPatches: [],
    workerConfigPatches: [],
    nodes: spec.nodes.map((node) => ({ ...node, configPatches: [] })),
    cilium: { ...cilium, values: {} },
  };
  for (const where of textsIn(others)) {
    if (!holdsPrivateKey(where.text) && !holdsSecretText(where.text)) continue;
    yield {
      propertyPath: propertyPath(where.path),
      reason: "it holds a private key, a token or a password",
      fix: "remove it: keys come from the machine secrets, and what a registry asks for goes into a patch of configPatchesFrom",
    };
  }
}

function* secretsIn(value: unknown, path: Path = []): Iterable<Path> {
  for (const { text, path: at, isSecret } of textsIn(value, path)) {
    const isNamed = (isSecret || holdsSecret(at)) && !isLabel(at) && !standsForSecret(text);
    if (isNamed || [holdsPrivateKey, holdsSecretText, holdsSecretDocument].some((of) => of(text)))
      yield at;
  }
}

/** Labels, annotations and taints are for everybody to read, and named as their owner likes. */
function isLabel(path: Path): boolean {
  return /(label|annotation|taint)s$/i.test(String(path.at(-2)));
}

interface Text {
  /** A number as it is written. */
  readonly text: string;
  readonly path: Path;
  /** Whether the name beside it, or the flag before it, says so. */
  readonly isSecret: boolean;
}

function* textsIn(value: unknown, path: Path = [], isSecret = false): Iterable<Text> {
  if (typeof value === "string" || typeof value === "number") {
    yield { text: String(value), path, isSecret };
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) {
      yield* textsIn(inner, [...path, index], isSecretArgument(value, index));
    }
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* textsIn(inner, [...path, key], key === "value" && isSecretEntry(value, key));
    }
  }
}
