import { addressResource } from './aws/address-resource';
import { realAws } from './aws/parts';
import { reverseNameResource } from './aws/reverse-name-resource';
import { agreementResource } from './dns/agreement-resource';
import { providerConfiguration } from './dns/configuration';
import { delegationResource } from './dns/delegation-resource';
import { dnsDataSource } from './dns/dns-data-source';
import { DnsDefaults, realDns } from './dns/parts';
import { ProviderCalls } from './framework/provider-calls';
import { roleResource } from './role/role-resource';

export interface CallsOptions {
  /** Ends when Terraform asks the provider to stop. */
  readonly signal: AbortSignal;
  readonly requestStop: () => void;
  /** Called as soon as a host is worked with. */
  readonly onWork: () => void;
}

/** Terraform's calls, answered by the resources and data sources of this package. */
export function providerCalls({ signal, requestStop, onWork }: CallsOptions): ProviderCalls {
  const defaults = new DnsDefaults();
  const dns = realDns(defaults);
  const aws = realAws(dns);
  const role = roleResource(async () => {
    onWork();
    return (await import('./role/real-parts.js')).realParts;
  });
  return new ProviderCalls(
    [role, agreementResource(dns), delegationResource(dns), addressResource(aws), reverseNameResource(aws)],
    { signal },
    requestStop,
    {
      dataSources: [dnsDataSource(dns)],
      configuration: providerConfiguration(defaults),
    },
  );
}
