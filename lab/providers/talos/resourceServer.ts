import type {
  CallContext,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from "../implementation";
import { containsUnknowns, type PropertyMap } from "../property";
import { stringOf, type TerraformObject } from "./attributes";
import { decodeObject, markSecrets } from "./decode";
import type { PlanRequest, ResourceDefinition, TalosContext } from "./definition";
import {
  logDiagnostics,
  resourceCheckFailure,
  TerraformError,
  throwFirstError,
  type Diagnostic,
} from "./diagnostics";
import { encodeObject } from "./encode";
import { applyIgnoreChanges } from "./ignoreChanges";
import { importedInputs, refreshedInputs } from "./inputsFromOutputs";
import { changedProperties, planState, withoutWriteOnly } from "./plan";
import { RAW_STATE_DELTA, rawStateDelta } from "./rawStateDelta";
import { descriptionAt, validateSchema } from "./validate";

/** What is at hand in a call, and the warnings that it gathers. */
export interface ResourceCall {
  definition: ResourceDefinition;
  talos: TalosContext;
  context: CallContext;
  warnings: Diagnostic[];
}

/** Plays the bridge and the plugin framework for one resource type. */
export async function checkResource(
  { definition, talos, context }: ResourceCall,
  request: CheckRequest,
): Promise<CheckResult> {
  const { attributes } = definition;
  const config = inWords("cannot encode resource inputs to call ValidateResourceConfig", () =>
    encodeObject(attributes, request.news),
  );
  const diagnostics = [
    ...((await definition.validate?.(config, talos)) ?? []),
    ...validateSchema(attributes, config),
  ];
  const placed = diagnostics.filter(
    (found): found is Diagnostic & { path: string[] } =>
      found.path !== undefined && found.severity === "error",
  );
  const others = diagnostics.filter((found) => !placed.includes(found as never));
  await logDiagnostics(context, others, attributes, request.urn);
  throwFirstError(others);
  return {
    inputs: markSecrets(attributes, request.news),
    failures: placed.map((found) =>
      resourceCheckFailure(found, request.name, descriptionAt(attributes, found.path)),
    ),
  };
}

export async function diffResource(call: ResourceCall, request: DiffRequest): Promise<DiffResult> {
  const { attributes } = call.definition;
  const inputs = applyIgnoreChanges(request.olds, request.news, request.ignoreChanges);
  const prior = encodeObject(attributes, request.olds);
  const plan = await planResource(call, prior, encodeObject(attributes, inputs));
  await logDiagnostics(call.context, call.warnings, attributes, request.urn);
  const diffs = changedProperties(prior, plan.planned);
  return {
    changes: diffs.length > 0 ? "DIFF_SOME" : "DIFF_NONE",
    diffs,
    replaces: diffs.filter((name) => plan.replaceOnChange.has(name)),
  };
}

export async function createResource(
  call: ResourceCall,
  request: CreateRequest,
): Promise<CreateResult> {
  const { definition, context } = call;
  const { attributes } = definition;
  const config = encodeObject(attributes, request.properties);
  const { planned } = await planResource(call, null, config);
  await logDiagnostics(context, call.warnings, attributes, request.urn);
  if (request.preview) {
    return { id: "", properties: decodeObject(attributes, planned) };
  }
  const state = await shown(call, request.urn, () =>
    definition.create({ config, planned }, call.talos),
  );
  return { id: stringOf(state["id"]), properties: outputsOf(definition, state) };
}

export async function updateResource(
  call: ResourceCall,
  request: UpdateRequest,
): Promise<UpdateResult> {
  const { definition } = call;
  const { attributes } = definition;
  const inputs = applyIgnoreChanges(request.olds, request.news, request.ignoreChanges);
  const prior = encodeObject(attributes, request.olds);
  const config = encodeObject(attributes, inputs);
  const { planned } = await planResource(call, prior, config);
  if (request.preview) {
    return { properties: decodeObject(attributes, planned) };
  }
  const state = await shown(call, request.urn, () =>
    definition.update({ config, planned, prior }, call.talos),
  );
  return { properties: outputsOf(definition, state) };
}

/** Reading changes nothing: the provider looks at no node. Without properties it is an import. */
export async function readResource(call: ResourceCall, request: ReadRequest): Promise<ReadResult> {
  const { definition } = call;
  const { attributes } = definition;
  const isRefresh = Object.keys(request.properties).length > 0;
  const state = isRefresh
    ? upgraded(definition, request.properties)
    : await shown(call, request.urn, () => importState(call, request.id));
  const properties = outputsOf(definition, state);
  const inputs = isRefresh
    ? refreshedInputs(request.inputs, properties)
    : importedInputs(attributes, properties);
  return { id: stringOf(state["id"]), properties, inputs };
}

/** A state that names no version is of the first, and upgraded. */
function upgraded(definition: ResourceDefinition, properties: PropertyMap): TerraformObject {
  const state = encodeObject(definition.attributes, properties);
  return "__meta" in properties ? state : (definition.upgradeState?.(state) ?? state);
}

export async function deleteResource(call: ResourceCall, request: DeleteRequest): Promise<void> {
  const { definition } = call;
  const state = encodeObject(definition.attributes, request.properties);
  await shown(call, request.urn, async () => definition.delete?.(state, call.talos));
}

function importState({ definition, talos }: ResourceCall, id: string): Promise<TerraformObject> {
  if (definition.importState === undefined) {
    throw new TerraformError(
      "Resource Import Not Implemented",
      "This resource does not support import. Please contact the provider developer for additional information.",
    );
  }
  return definition.importState(id, talos);
}

async function planResource(
  { definition, talos }: ResourceCall,
  prior: TerraformObject | null,
  config: TerraformObject,
): Promise<PlanRequest> {
  const planned = planState(definition.attributes, prior, config);
  const request: PlanRequest = { config, prior, planned, replaceOnChange: new Set() };
  try {
    await definition.modifyPlan(request, talos);
  } catch (error) {
    if (error instanceof TerraformError) {
      throw new Error(`1 error occurred:\n\t* : ${error.summary} - ${error.detail}\n\n`, {
        cause: error,
      });
    }
    throw error;
  }
  return request;
}

function outputsOf(definition: ResourceDefinition, fullState: TerraformObject): PropertyMap {
  const { attributes, schemaVersion } = definition;
  const state = withoutWriteOnly(attributes, fullState);
  const outputs = decodeObject(attributes, state);
  if (schemaVersion > 0) {
    outputs["__meta"] = JSON.stringify({ schema_version: String(schemaVersion) });
  }
  if (!containsUnknowns(outputs)) {
    outputs[RAW_STATE_DELTA] = rawStateDelta(attributes, outputs, state);
  }
  return outputs;
}

/** Shows the error of an operation beside its resource, as the bridge does, besides failing with it. */
async function shown<T>(call: ResourceCall, urn: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof TerraformError) {
      const { summary, detail } = error;
      const diagnostics: Diagnostic[] = [{ severity: "error", summary, detail }];
      await logDiagnostics(call.context, diagnostics, call.definition.attributes, urn);
      throwFirstError(diagnostics);
    }
    throw error;
  }
}

function inWords<T>(words: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new Error(`${words}: ${(error as Error).message}`, { cause: error });
  }
}
