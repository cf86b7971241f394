import * as z from "zod/mini";

import { propertyPath } from "../../components/spec/propertyPath";

/** What stands in a preview for a value that only an update will tell (Pulumi's own sentinel). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What stands in a preview for a secret. */
export const SECRET = "[secret]";

export type Tree = Readonly<Record<string, unknown>>;

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly inputs?: Tree;
  readonly outputs?: Tree;
  readonly retainOnDelete?: boolean;
}

/** One operation of the engine; a replacement is several. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: ResourceState;
  readonly newState?: ResourceState;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

export interface Diagnostic {
  readonly message: string;
  readonly severity: string;
}

/** What `pulumi preview --json` prints, as far as it is read here. */
export interface Preview {
  /** The stack configuration, each value as text. */
  readonly config: Readonly<Record<string, string>>;
  readonly steps: readonly PreviewStep[];
  readonly diagnostics: readonly Diagnostic[];
  /** Operations by name, `same` included; absent when the preview failed early. */
  readonly changeSummary?: Readonly<Record<string, number>>;
}

/** What is looked into without asking; Go leaves an empty list out, or writes null. */
const digestShape = z.looseObject({
  config: z.nullish(z.record(z.string(), z.unknown())),
  steps: z.nullish(z.array(z.looseObject({ op: z.string(), urn: z.string() }))),
  diagnostics: z.nullish(z.array(z.looseObject({ message: z.string(), severity: z.string() }))),
  changeSummary: z.nullish(z.record(z.string(), z.number())),
});

/**
 * Reads a preview; lines before it, as a wrapping command prints them, are passed over.
 *
 * @throws Error when the text holds none; it quotes nothing of the text, which may hold a secret
 */
export function parsePreview(text: string): Preview {
  const digest = readObject(text);
  const isDigest = ["steps", "diagnostics", "changeSummary", "config"].some((key) => key in digest);
  if (!isDigest) {
    throw new Error(
      "this JSON is no preview: write `pulumi preview --json`, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
    );
  }
  const { error } = z.safeParse(digestShape, digest);
  if (error) {
    const at = propertyPath(error.issues[0]!.path);
    throw new Error(`this JSON is no preview: ${at} is not as Pulumi writes it`);
  }
  return {
    config: (digest["config"] ?? {}) as Preview["config"],
    steps: (digest["steps"] ?? []) as Preview["steps"],
    diagnostics: (digest["diagnostics"] ?? []) as Preview["diagnostics"],
    changeSummary: (digest["changeSummary"] ?? undefined) as Preview["changeSummary"],
  };
}

function readObject(text: string): Tree {
  const begin = text.search(/(?<=^\uFEFF?)\{/m);
  try {
    if (begin >= 0) return JSON.parse(text.slice(begin)) as Tree;
  } catch {
    // Said below: the parser's own words quote the text, which may hold a secret.
  }
  throw new Error(
    `the preview is ${text.trim() === "" ? "empty" : "not one JSON object"}: write \`pulumi preview --json\`, and look at what the CLI printed beside it`,
  );
}

/** Parts of `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function urnParts(urn: string): { stack: string; project: string; name: string } {
  const [, stack = "", project = "", ...rest] = urn.replace(/^urn:pulumi:/, "::").split("::");
  return { stack, project, name: rest.slice(1).join("::") };
}

/** The stack as `<project>/<stack>`, or undefined when not even the root was reached. */
export function stackOf(preview: Preview): string | undefined {
  const urn = preview.steps[0]?.urn;
  if (!urn) return undefined;
  const { project, stack } = urnParts(urn);
  return `${project}/${stack}`;
}
