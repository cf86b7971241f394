import type { Machinery } from "../../machinery";
import type { Attributes, TerraformObject } from "./attributes";
import type { Diagnostic } from "./diagnostics";

/** What a resource or function may use. */
export interface TalosContext {
  readonly machinery: Machinery;
  /** Aborted when the engine cancels. */
  readonly signal: AbortSignal;
  /** Now; tests turn it. */
  readonly now: () => Date;
  /** A warning that the engine shows. */
  warn(summary: string, detail: string): void;
}

export interface PlanRequest {
  config: TerraformObject;
  /** Null for a resource that is being created. */
  prior: TerraformObject | null;
  /** The framework's plan; a resource changes it in place. */
  planned: TerraformObject;
  /** Attributes whose change replaces the resource. */
  replaceOnChange: Set<string>;
}

export interface ApplyRequest {
  config: TerraformObject;
  planned: TerraformObject;
}

/** A resource of the Talos provider, without what the bridge and the framework do for all. */
export interface ResourceDefinition {
  readonly token: string;
  readonly schemaVersion: number;
  readonly attributes: Attributes;
  /** What the schema cannot say; values may be unknown. */
  validate?(config: TerraformObject, context: TalosContext): Promise<Diagnostic[]>;
  /** @throws TerraformError */
  modifyPlan(request: PlanRequest, context: TalosContext): Promise<void>;
  /** @throws TerraformError */
  create(request: ApplyRequest, context: TalosContext): Promise<TerraformObject>;
  /** @throws TerraformError */
  update(
    request: ApplyRequest & { prior: TerraformObject },
    context: TalosContext,
  ): Promise<TerraformObject>;
  /** @throws TerraformError */
  delete?(state: TerraformObject, context: TalosContext): Promise<void>;
  /** State of what exists already; without it a resource cannot be imported. */
  importState?(id: string, context: TalosContext): Promise<TerraformObject>;
  /** What becomes of a state of an earlier schema. */
  upgradeState?(state: TerraformObject): TerraformObject;
}

/** A function of the Talos provider. */
export interface FunctionDefinition {
  readonly token: string;
  /** Name of the data source, which messages use. */
  readonly terraformName: string;
  readonly attributes: Attributes;
  validate?(config: TerraformObject, context: TalosContext): Promise<Diagnostic[]>;
  /** @throws TerraformError */
  read(config: TerraformObject, context: TalosContext): Promise<TerraformObject>;
}
