import type { Attribute } from './attributes';
import type { Diagnostic } from './diagnostics';
import type { ResourceContext } from './resource';
import type { TerraformObject } from './values';

export interface DataSourceResult {
  readonly state: TerraformObject | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** One kind of data source. Terraform reads it at plan when all of its configuration is known, else during apply. */
export interface DataSource {
  readonly typeName: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  validate(config: TerraformObject): readonly Diagnostic[];
  read(config: TerraformObject, context: ResourceContext): Promise<DataSourceResult>;
}

/** The provider's own block. */
export interface ProviderConfiguration {
  readonly attributes: readonly Attribute[];
  validate(config: TerraformObject): readonly Diagnostic[];
  /** Called once, before any resource is read or planned. Values may be unknown. */
  configure(config: TerraformObject): readonly Diagnostic[];
}
