import type {
  ApplyResourceChangeRequest,
  DiagnosticsResponse,
  DynamicValue,
  ImportResourceStateRequest,
  MoveResourceStateRequest,
  NewStateResponse,
  PlanResourceChangeRequest,
  PlanResourceChangeResponse,
  ReadResourceRequest,
  TypedConfig,
  UpgradeResourceStateRequest,
} from '../protocol/messages';
import { decodeObject, encodeObject } from './codec';
import type { DataSource, ProviderConfiguration } from './data-source';
import { type Diagnostic, hasErrors, wireDiagnostics } from './diagnostics';
import { decodePrivate, encodePrivate } from './private-state';
import type { Resource, ResourceContext, StateResult } from './resource';
import { withoutWriteOnly } from './settings-values';
import { wireSchema } from './wire-schema';
import { writeOnlyRefusals } from './write-only';

/** Destroy plans are asked for, so that a removal can be refused or explained before it is confirmed. */
const capabilities = { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true };

/** What the provider serves next to its resources. */
export interface FurtherParts {
  readonly dataSources?: readonly DataSource[];
  readonly configuration?: ProviderConfiguration;
}

/** Terraform's remote calls, answered by resources. Knows the protocol's messages, but neither gRPC nor mail. */
export class ProviderCalls {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly dataSources: ReadonlyMap<string, DataSource>;

  constructor(
    resources: readonly Resource[],
    private readonly context: ResourceContext,
    private readonly requestStop: () => void,
    private readonly further: FurtherParts = {},
  ) {
    this.resources = new Map(resources.map((resource) => [resource.typeName, resource]));
    this.dataSources = new Map(further.dataSources?.map((source) => [source.typeName, source]));
  }

  async GetMetadata(): Promise<object> {
    const named = (names: Iterable<string>) => [...names].map((name) => ({ type_name: name }));
    return {
      server_capabilities: capabilities,
      resources: named(this.resources.keys()),
      data_sources: named(this.dataSources.keys()),
    };
  }

  async GetProviderSchema(): Promise<object> {
    const schemas = [...this.resources].map(([name, { attributes, version, description }]) => [
      name,
      wireSchema(attributes, version, description),
    ]);
    return {
      provider: wireSchema(
        this.further.configuration?.attributes ?? [],
        0,
        'Mail hosts that other mail servers accept mail from.',
      ),
      resource_schemas: Object.fromEntries(schemas),
      data_source_schemas: Object.fromEntries(
        [...this.dataSources].map(([name, { attributes, description }]) => [name, wireSchema(attributes, 0, description)]),
      ),
      server_capabilities: capabilities,
    };
  }

  async GetResourceIdentitySchemas(): Promise<object> {
    return { identity_schemas: {} };
  }

  async GetFunctions(): Promise<object> {
    return { functions: {} };
  }

  async ValidateProviderConfig({ config }: { readonly config?: DynamicValue } = {}): Promise<DiagnosticsResponse> {
    return { diagnostics: wireDiagnostics(this.further.configuration?.validate(decodeObject(config) ?? {}) ?? []) };
  }

  async ConfigureProvider({ config }: { readonly config?: DynamicValue } = {}): Promise<DiagnosticsResponse> {
    return { diagnostics: wireDiagnostics(this.further.configuration?.configure(decodeObject(config) ?? {}) ?? []) };
  }

  async StopProvider(): Promise<object> {
    this.requestStop();
    return { Error: '' };
  }

  async ValidateResourceConfig({ type_name, config, client_capabilities }: TypedConfig): Promise<DiagnosticsResponse> {
    const values = decodeObject(config);
    if (!values) return { diagnostics: [] };
    const resource = this.resource(type_name);
    const keepsSecrets = client_capabilities?.write_only_attributes_allowed ?? false;
    const refusals = keepsSecrets ? [] : writeOnlyRefusals(values, resource.attributes);
    return { diagnostics: wireDiagnostics([...refusals, ...resource.validate(values)]) };
  }

  async UpgradeResourceState({ type_name, version, raw_state }: UpgradeResourceStateRequest): Promise<object> {
    const resource = this.resource(type_name);
    const stored = decodeObject({ json: raw_state?.json });
    if (version > resource.version) {
      return failure(
        `the state of ${type_name} was written by a newer version of this provider`,
        `It has schema version ${version}, this provider knows versions up to ${resource.version}. Update cdktf-mailserver.`,
      );
    }
    const upgraded = stored && version < resource.version ? resource.upgrade(stored, version) : stored;
    return { upgraded_state: encodeObject(upgraded, resource.attributes), diagnostics: [] };
  }

  async ReadResource({ type_name, current_state, private: bytes }: ReadResourceRequest): Promise<NewStateResponse> {
    const resource = this.resource(type_name);
    const state = decodeObject(current_state);
    if (!state) return { new_state: encodeObject(null, resource.attributes), diagnostics: [] };
    const privateState = decodePrivate(bytes);
    return newState(resource, await resource.read({ state, privateState }, this.context), bytes);
  }

  async PlanResourceChange(request: PlanResourceChangeRequest): Promise<PlanResourceChangeResponse> {
    const resource = this.resource(request.type_name);
    const [prior, proposed, config] = [request.prior_state, request.proposed_new_state, request.config].map(decodeObject);
    if (!proposed) {
      return { planned_state: encodeObject(null, resource.attributes), planned_private: request.prior_private, diagnostics: [] };
    }
    const privateState = decodePrivate(request.prior_private);
    const result = await resource.plan(
      { prior: prior ?? null, proposed, config: config ?? proposed, privateState },
      this.context,
    );
    return {
      planned_state: encodeObject(withoutWriteOnly(result.planned, resource.attributes), resource.attributes),
      planned_private: result.privateState ? encodePrivate(result.privateState) : request.prior_private,
      requires_replace: result.requiresReplace?.map((name) => ({ steps: [{ attribute_name: name }] })),
      diagnostics: wireDiagnostics(result.diagnostics),
    };
  }

  async ApplyResourceChange(request: ApplyResourceChangeRequest): Promise<NewStateResponse> {
    const resource = this.resource(request.type_name);
    const [prior, planned, config] = [request.prior_state, request.planned_state, request.config].map(decodeObject);
    const privateState = decodePrivate(request.planned_private);
    if (planned) {
      const result = await resource.apply(
        { prior: prior ?? null, planned, config: config ?? planned, privateState },
        this.context,
      );
      return newState(resource, result, request.planned_private);
    }
    if (!prior) return { new_state: encodeObject(null, resource.attributes), diagnostics: [] };
    const result = await resource.remove({ prior, privateState }, this.context);
    return newState(resource, hasErrors(result.diagnostics) ? result : { ...result, state: null }, request.planned_private);
  }

  async ImportResourceState({ type_name, id }: ImportResourceStateRequest): Promise<object> {
    const resource = this.resource(type_name);
    const { state, privateState = {}, diagnostics } = resource.import(id);
    const imported = { type_name, state: encodeObject(state, resource.attributes), private: encodePrivate(privateState) };
    return { imported_resources: state && !hasErrors(diagnostics) ? [imported] : [], diagnostics: wireDiagnostics(diagnostics) };
  }

  async MoveResourceState(
    request: MoveResourceStateRequest,
  ): Promise<DiagnosticsResponse & { readonly target_state?: DynamicValue }> {
    const resource = this.resource(request.target_type_name);
    const stored = decodeObject({ json: request.source_state?.json });
    const moved = stored && resource.moveFrom?.(request.source_type_name, stored);
    if (moved) return { target_state: encodeObject(moved, resource.attributes), diagnostics: [] };
    return failure(
      `a ${request.source_type_name} cannot become a ${request.target_type_name}`,
      `Take the "moved" block out and import the host instead: terraform import ADDRESS USER@HOST. (from ${request.source_provider_address})`,
    );
  }

  async ValidateDataResourceConfig({ type_name, config }: TypedConfig): Promise<DiagnosticsResponse> {
    const source = this.dataSources.get(type_name);
    if (!source) return noSuch('data source', type_name);
    const values = decodeObject(config);
    return { diagnostics: values ? wireDiagnostics(source.validate(values)) : [] };
  }

  async ReadDataSource({ type_name, config }: TypedConfig): Promise<DiagnosticsResponse & { readonly state?: DynamicValue }> {
    const source = this.dataSources.get(type_name);
    if (!source) return noSuch('data source', type_name);
    const { state, diagnostics } = await source.read(decodeObject(config) ?? {}, this.context);
    return { state: encodeObject(state, source.attributes), diagnostics: wireDiagnostics(diagnostics) };
  }

  async ValidateEphemeralResourceConfig({ type_name }: TypedConfig): Promise<DiagnosticsResponse> {
    return noSuch('ephemeral resource', type_name);
  }

  async OpenEphemeralResource({ type_name }: TypedConfig): Promise<DiagnosticsResponse> {
    return noSuch('ephemeral resource', type_name);
  }

  async ValidateListResourceConfig({ type_name }: TypedConfig): Promise<DiagnosticsResponse> {
    return noSuch('list resource', type_name);
  }

  async CallFunction({ name }: { readonly name: string }): Promise<object> {
    return { error: { text: `this provider has no function ${name}` } };
  }

  private resource(typeName: string): Resource {
    const resource = this.resources.get(typeName);
    if (!resource) throw new Error(`this provider has no resource ${typeName}`);
    return resource;
  }
}

function newState(resource: Resource, result: StateResult, unchangedPrivate: Uint8Array | undefined): NewStateResponse {
  const { state, privateState, diagnostics } = result;
  return {
    new_state: encodeObject(state && withoutWriteOnly(state, resource.attributes), resource.attributes),
    private: privateState ? encodePrivate(privateState) : unchangedPrivate,
    diagnostics: wireDiagnostics(diagnostics),
  };
}

function failure(summary: string, detail: string): DiagnosticsResponse {
  const diagnostic: Diagnostic = { severity: 'error', summary, detail };
  return { diagnostics: wireDiagnostics([diagnostic]) };
}

const noSuch = (kind: string, name: string) =>
  failure(`this provider has no ${kind} ${name}`, 'Check the name, or update cdktf-mailserver.');
