import { status } from "@grpc/grpc-js";

import type { MachineryError } from "../../machinery";
import {
  ProviderError,
  type CallContext,
  type InvokeRequest,
  type InvokeResult,
} from "../implementation";
import { withoutSecrets } from "../property";
import { decodeObject } from "./decode";
import type { FunctionDefinition, TalosContext } from "./definition";
import { logDiagnostics, TerraformError, throwFirstError, type Diagnostic } from "./diagnostics";
import { encodeObject } from "./encode";
import { goQuote } from "./goFormat";
import { validateSchema } from "./validate";

/** Plays the bridge and the plugin framework for a function. */
export async function invokeFunction(
  definition: FunctionDefinition,
  request: InvokeRequest,
  talos: TalosContext,
  context: CallContext,
  warnings: readonly Diagnostic[],
): Promise<InvokeResult> {
  const { attributes } = definition;
  const config = encodeArguments(definition, request);
  const diagnostics = [
    ...((await definition.validate?.(config, talos)) ?? []),
    ...validateSchema(attributes, config),
  ];
  // A fault of an argument is a failure, even a warning; a fault inside one is an error.
  const failures = diagnostics.filter(({ path }) => path?.length === 1);
  const others = diagnostics.filter(({ path }) => path?.length !== 1);
  await logDiagnostics(context, others, attributes);
  throwFirstError(others);
  if (failures.length > 0) {
    return {
      failures: failures.map(({ path, summary, detail }) => ({
        property: path?.[0] ?? "",
        reason: `${summary}: ${detail}`,
      })),
    };
  }
  try {
    const state = await definition.read(config, talos);
    await logDiagnostics(context, warnings, attributes);
    // The bridge gives no secrets back from a function: not every program can take them.
    return { result: withoutSecrets(decodeObject(attributes, state)) };
  } catch (error) {
    if (error instanceof TerraformError) {
      const { summary, detail } = error;
      const found: Diagnostic[] = [...warnings, { severity: "error", summary, detail }];
      await logDiagnostics(context, found, attributes);
      throwFirstError(found);
    }
    throw error;
  }
}

function encodeArguments(
  { attributes, terraformName }: FunctionDefinition,
  request: InvokeRequest,
): ReturnType<typeof encodeObject> {
  try {
    return encodeObject(attributes, request.args);
  } catch (error) {
    throw new Error(
      `cannot encode config to call ReadDataSource for ${goQuote(terraformName)}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** What is left to see of a real provider that panicked: its last words, and a connection that is gone. */
export async function providerPanic(
  context: CallContext,
  error: MachineryError,
  place: string,
): Promise<ProviderError> {
  await context.log(
    "error",
    `Bridged provider panic (provider=talos v=0.8.1 ${place}): ${error.detail}`,
  );
  return new ProviderError("error reading from server: EOF", status.UNAVAILABLE);
}
