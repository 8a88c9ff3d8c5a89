import { addressResource } from './aws/address-resource';
import { realAws } from './aws/parts';
import { reverseNameResource } from './aws/reverse-name-resource';
import { agreementResource } from './dns/agreement-resource';
import { providerConfiguration } from './dns/configuration';
import { delegationResource } from './dns/delegation-resource';
import { dnsDataSource } from './dns/dns-data-source';
import { DnsDefaults, realDns } from './dns/parts';
import type { DataSource, ProviderConfiguration } from './framework/data-source';
import { ProviderCalls } from './framework/provider-calls';
import type { Resource } from './framework/resource';
import { roleResource } from './role/role-resource';

export interface CallsOptions {
  /** Ends when Terraform asks the provider to stop. */
  readonly signal: AbortSignal;
  readonly requestStop: () => void;
  /** Called as soon as a host is worked with. */
  readonly onWork: () => void;
}

/** Everything that the provider serves. */
export interface ProviderParts {
  readonly resources: readonly Resource[];
  readonly dataSources: readonly DataSource[];
  readonly configuration: ProviderConfiguration;
}

/** @param onWork called as soon as a host is worked with */
export function providerParts(onWork: () => void): ProviderParts {
  const defaults = new DnsDefaults();
  const dns = realDns(defaults);
  const aws = realAws(dns);
  const role = roleResource(async () => {
    onWork();
    return (await import('./role/real-parts.js')).realParts;
  });
  return {
    resources: [role, agreementResource(dns), delegationResource(dns), addressResource(aws), reverseNameResource(aws)],
    dataSources: [dnsDataSource(dns)],
    configuration: providerConfiguration(defaults),
  };
}

/** Terraform's calls, answered by the resources and data sources of this package. */
export function providerCalls({ signal, requestStop, onWork }: CallsOptions): ProviderCalls {
  const { resources, ...further } = providerParts(onWork);
  return new ProviderCalls(resources, { signal }, requestStop, further);
}
