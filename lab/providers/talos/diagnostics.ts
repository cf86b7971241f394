import type { CallContext, CheckFailure } from "../implementation";
import { terraformName, type Attributes } from "./attributes";

/** What the provider behind the bridge says of a call. */
export interface Diagnostic {
  severity: "error" | "warning";
  summary: string;
  detail: string;
  /** Pulumi's names; absent where it is no attribute's fault. */
  path?: string[];
}

/** An error of a resource or function, in its two parts. */
export class TerraformError extends Error {
  constructor(
    readonly summary: string,
    readonly detail: string,
  ) {
    super(`${summary}: ${detail}`);
  }
}

/** Shows diagnostics as the bridge logs them, the detail first. */
export async function logDiagnostics(
  context: CallContext,
  diagnostics: readonly Diagnostic[],
  attributes: Attributes,
  urn = "",
): Promise<void> {
  for (const { severity, summary, detail, path } of diagnostics) {
    const text =
      path === undefined
        ? `${detail}: ${summary}`
        : `property "${path.join(".")}": ${inPulumiNames(detail, attributes)}`;
    await context.log(severity, `[${severity.toUpperCase()}] ${text}`, urn);
  }
}

/** The call's error where a diagnostic is one; the first counts. */
export function throwFirstError(diagnostics: readonly Diagnostic[]): void {
  const first = diagnostics.find(({ severity }) => severity === "error");
  if (first !== undefined) {
    const { path, summary, detail } = first;
    const place = path === undefined ? "" : `[${path.join(".")}] `;
    throw new Error(`${place}${summary === detail ? summary : `${summary}: ${detail}`}`);
  }
}

/** A resource's check failure; the bridge names no property and puts the place into the text. */
export function resourceCheckFailure(
  diagnostic: Diagnostic & { path: string[] },
  resourceName: string,
  description: string | undefined,
): CheckFailure {
  const path = diagnostic.path.join(".");
  if (diagnostic.summary === "Missing Configuration for Required Attribute") {
    const explained = description ? `: ${description}` : "";
    return { property: "", reason: `Missing required property '${path}'${explained}` };
  }
  const text = diagnostic.detail
    ? `${diagnostic.summary}. ${diagnostic.detail}`
    : diagnostic.summary;
  return { property: "", reason: `${text}. Examine values at '${resourceName}.${path}'.` };
}

function inPulumiNames(text: string, attributes: Attributes): string {
  const names = new Map(Object.keys(attributes).map((name) => [terraformName(name), name]));
  return text.replace(/[a-z][a-z0-9]*(?:_[a-z0-9]+)+/g, (word) => names.get(word) ?? word);
}
