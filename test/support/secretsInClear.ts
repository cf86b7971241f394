import type { Preview, ResourceState } from "../../commands/summarize/preview";

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/**
 * The preview as an engine would print it that shows secrets: in place of each `[secret]` stands
 * what the state has there.
 *
 * @param state `pulumi stack export --show-secrets`
 */
export function inClear(preview: Preview, state: unknown): Preview {
  const { resources } = (state as { deployment: { resources: ResourceState[] } }).deployment;
  const known = new Map(resources.map((resource) => [resource.urn, unwrapped(resource)]));
  const side = (shown: ResourceState | undefined) => {
    const clear = shown && (known.get(shown.urn) as ResourceState | undefined);
    return clear ? (filled(shown, clear) as ResourceState) : shown;
  };
  return {
    ...preview,
    steps: preview.steps.map((step) => ({
      ...step,
      oldState: side(step.oldState),
      newState: side(step.newState),
    })),
  };
}

function filled(shown: unknown, clear: unknown): unknown {
  if (shown === "[secret]") return clear ?? shown;
  if (typeof shown !== "object" || shown === null) return shown;
  if (Array.isArray(shown)) {
    return shown.map((item, index) => filled(item, (clear as unknown[] | undefined)?.[index]));
  }
  return Object.fromEntries(
    Object.entries(shown).map(([key, item]) => [
      key,
      filled(item, (clear as Record<string, unknown> | undefined)?.[key]),
    ]),
  );
}

function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unwrapped);
  const { plaintext, ...rest } = value as Record<string, unknown>;
  if (SECRET_SIGNATURE in rest) return unwrapped(JSON.parse(String(plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item)]));
}
