import type { InvokeResult } from "../protocol";
import type { PropertyMap } from "../property";
import { parseGoYamlStream } from "./goYaml";
import type { ProviderInstance } from "./instance";
import { gvkOf } from "./kinds";
import { messageOf } from "./manifestErrors";
import { isRecord, metadataOf, metadataText } from "./plain";

/** The `kubernetes:yaml:decode` function. */
export async function decodeYamlInvoke(
  args: PropertyMap,
  instance: ProviderInstance,
): Promise<InvokeResult> {
  const { text, defaultNamespace } = args;
  if (typeof text !== "string") throw new Error("missing required field 'text' of type string");
  const namespace = typeof defaultNamespace === "string" ? defaultNamespace : "";
  return { result: { result: await decodeYaml(text, namespace, instance) } };
}

/**
 * Reads the objects of a YAML stream. Documents without kind or API version are left out; a namespace is set on
 * namespaced objects that have none.
 */
export async function decodeYaml(
  text: string,
  defaultNamespace: string,
  instance: ProviderInstance,
): Promise<PropertyMap[]> {
  let documents: unknown[];
  try {
    documents = parseGoYamlStream(text);
  } catch (error) {
    throw new Error(`error converting YAML to JSON: ${messageOf(error)}`, { cause: error });
  }
  const objects: PropertyMap[] = [];
  for (const document of documents) {
    if (document === null || document === undefined) continue;
    if (!isRecord(document)) {
      const type = Array.isArray(document)
        ? "array"
        : typeof document === "boolean"
          ? "bool"
          : typeof document;
      throw new Error(
        `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
      );
    }
    if (!document.kind || !document.apiVersion) continue;
    const bare = defaultNamespace !== "" && metadataText(document, "namespace") === "";
    if (bare && (await instance.isNamespaced(gvkOf(document)))) {
      document.metadata = { ...metadataOf(document), namespace: defaultNamespace };
    }
    objects.push(document as PropertyMap);
  }
  return objects;
}
