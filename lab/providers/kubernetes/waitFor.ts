import type { KubernetesObject } from "./objects";
import { annotationOf, isRecord, pluck } from "./plain";
import { conditionOf } from "./podErrors";
import type { Check } from "./readiness";

/**
 * The check that a `pulumi.com/waitFor` annotation asks for: one expression or a JSON list of them, each
 * `jsonpath={.path}=value`, `jsonpath={.path}` or `condition=Type[=status]`.
 * @returns undefined without the annotation
 * @throws where an expression cannot be read
 */
export function waitForCheck(inputs: KubernetesObject): Check | undefined {
  const annotation = annotationOf(inputs, "pulumi.com/waitFor");
  if (annotation === "") return undefined;
  const expressions = listOf(annotation);
  if (expressions.length === 0) throw new Error("at least one condition must be specified");
  const conditions = expressions.map(conditionFor);
  return (object) => {
    const waiting = expressions.filter((_, index) => !conditions[index]?.(object));
    return Promise.resolve({
      ready: waiting.length === 0,
      object,
      messages: waiting.map((text) => ({ severity: "info", text: `Waiting for ${text}` })),
      errors: [],
    });
  };
}

function listOf(annotation: string): string[] {
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // A single expression is no JSON.
  }
  return [annotation];
}

function conditionFor(expression: string): (object: KubernetesObject) => boolean {
  if (expression.startsWith("condition=")) {
    const [, type = "", status = "True"] = expression.split("=");
    return (object) =>
      String(conditionOf(object, type)?.status ?? "").toLowerCase() === status.toLowerCase();
  }
  const match = /^jsonpath=\{?(\.[^}=]+)\}?(?:=(.*))?$/.exec(expression);
  if (!match) {
    if (expression.startsWith("jsonpath=")) {
      throw new Error(`unrecognized jsonpath expression "${expression}"`);
    }
    throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${expression}"`);
  }
  const [, path = "", wanted] = match;
  return (object) => {
    const found = follow(object, path);
    if (found === undefined) return false;
    return wanted === undefined || String(found) === wanted;
  };
}

function follow(object: KubernetesObject, path: string): unknown {
  const steps = path
    .slice(1)
    .split(/\.|\[(\d+)\]/)
    .filter((step) => step !== undefined && step !== "");
  return steps.reduce<unknown>(
    (value, step) =>
      Array.isArray(value) ? value[Number(step)] : isRecord(value) ? pluck(value, step) : undefined,
    object,
  );
}
