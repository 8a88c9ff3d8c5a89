import type { ProviderConfiguration } from '../framework/data-source';
import { issueDiagnostic } from '../framework/diagnostics';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { isWhollyKnown, type TerraformObject } from '../framework/values';
import { resolverAttributes } from './attributes';
import type { DnsDefaults } from './parts';
import { resolverSettings } from './settings';

/** The provider's own block: who is asked about DNS. */
export function providerConfiguration(defaults: DnsDefaults): ProviderConfiguration {
  return {
    attributes: resolverAttributes,
    validate(config: TerraformObject) {
      const values = toProperties(config, resolverAttributes);
      return checkProperties(resolverSettings, values).map((issue) => issueDiagnostic(issue, resolverAttributes, values));
    },
    configure(config: TerraformObject) {
      const { resolvers } = config;
      defaults.configure(Array.isArray(resolvers) && isWhollyKnown(resolvers) ? (resolvers as string[]) : undefined);
      return [];
    },
  };
}
