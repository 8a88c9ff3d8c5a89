/** The messages of Terraform's plugin protocol 6 as this provider reads and writes them (`tfplugin6.proto` has them all). */

/** A value in MessagePack, or in JSON where Terraform hands over a state file's text. */
export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

export type AttributeStep =
  | { readonly attribute_name: string }
  | { readonly element_key_string: string }
  | { readonly element_key_int: number };

export interface WireDiagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: { readonly steps: readonly AttributeStep[] };
}

export interface WireAttribute {
  readonly name: string;
  readonly type?: Uint8Array;
  readonly nested_type?: { readonly attributes: readonly WireAttribute[]; readonly nesting: number };
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly write_only: boolean;
}

export interface WireSchema {
  readonly version: number;
  readonly block: { readonly attributes: readonly WireAttribute[]; readonly description: string };
}

export interface Empty {
  readonly [name: string]: never;
}

export interface TypedConfig {
  readonly type_name: string;
  readonly config?: DynamicValue;
  /** Absent: a Terraform that has none of them. */
  readonly client_capabilities?: { readonly write_only_attributes_allowed?: boolean };
}

export interface DiagnosticsResponse {
  readonly diagnostics: readonly WireDiagnostic[];
}

export interface UpgradeResourceStateRequest {
  readonly type_name: string;
  readonly version: number;
  readonly raw_state?: { readonly json?: Uint8Array };
}

export interface ReadResourceRequest {
  readonly type_name: string;
  readonly current_state?: DynamicValue;
  readonly private?: Uint8Array;
}

export interface PlanResourceChangeRequest {
  readonly type_name: string;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly prior_private?: Uint8Array;
}

export interface ApplyResourceChangeRequest {
  readonly type_name: string;
  readonly prior_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly planned_private?: Uint8Array;
}

export interface ImportResourceStateRequest {
  readonly type_name: string;
  readonly id: string;
}

export interface MoveResourceStateRequest {
  readonly source_provider_address: string;
  readonly source_type_name: string;
  readonly source_state?: { readonly json?: Uint8Array };
  readonly target_type_name: string;
}

export interface NewStateResponse extends DiagnosticsResponse {
  readonly new_state?: DynamicValue;
  readonly private?: Uint8Array;
}

export interface PlanResourceChangeResponse extends DiagnosticsResponse {
  readonly planned_state?: DynamicValue;
  readonly planned_private?: Uint8Array;
  readonly requires_replace?: readonly { readonly steps: readonly AttributeStep[] }[];
}
