import type { Attribute } from './attributes';
import type { Diagnostic } from './diagnostics';
import type { TerraformObject } from './values';

/** What the provider keeps for itself next to the state of a resource; never shown, but stored: no secrets. */
export type PrivateState = Readonly<Record<string, unknown>>;

export interface ResourceContext {
  /** Ends when Terraform asks the provider to stop (Ctrl-C), or is gone. */
  readonly signal: AbortSignal;
}

/** The outcome of reading or changing a resource; `state: null` means there is none (any more). */
export interface StateResult {
  readonly state: TerraformObject | null;
  readonly privateState?: PrivateState;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReadRequest {
  readonly state: TerraformObject;
  readonly privateState: PrivateState;
}

export interface PlanRequest {
  /** Null: the resource is about to be created. */
  readonly prior: TerraformObject | null;
  /** Configuration with the prior values of computed attributes, as Terraform proposes it. */
  readonly proposed: TerraformObject;
  readonly config: TerraformObject;
  readonly privateState: PrivateState;
}

export interface PlanResult {
  readonly planned: TerraformObject;
  /** Attributes whose change makes another thing of it: Terraform then destroys this one and creates one. */
  readonly requiresReplace?: readonly string[];
  readonly privateState?: PrivateState;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ApplyRequest {
  /** Null: create. */
  readonly prior: TerraformObject | null;
  readonly planned: TerraformObject;
  /** The only place where write-only attributes have their values. */
  readonly config: TerraformObject;
  readonly privateState: PrivateState;
}

export interface DeleteRequest {
  readonly prior: TerraformObject;
  readonly privateState: PrivateState;
}

/** One resource type. Values have snake_case names; unknown ones occur in configurations and plans only. */
export interface Resource {
  readonly typeName: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  /** Raised when a state written before cannot be read as it is; {@link upgrade} then translates it. */
  readonly version: number;
  validate(config: TerraformObject): readonly Diagnostic[];
  read(request: ReadRequest, context: ResourceContext): Promise<StateResult>;
  plan(request: PlanRequest, context: ResourceContext): Promise<PlanResult>;
  apply(request: ApplyRequest, context: ResourceContext): Promise<StateResult>;
  remove(request: DeleteRequest, context: ResourceContext): Promise<StateResult>;
  /** The state to start from when an existing thing is taken over; `read` completes it. */
  import(id: string): StateResult;
  /** A stored state of an older `version` in today's shape. */
  upgrade(state: TerraformObject, version: number): TerraformObject;
  /** The state of another provider's resource in the shape of this one, for a `moved` block; undefined when it cannot become one. */
  moveFrom?(typeName: string, state: TerraformObject): TerraformObject | undefined;
}
