import type { Agreement, AwaitOptions, Expectation, NotDelegated, ObserverOptions, ZoneServers } from '../../verify/dns';
import type { AwaitDelegationOptions } from '../../verify/dns/delegated';
import type { ListedAddress } from './listings';

/** How DNS is asked; tests bring their own world. */
export interface DnsParts {
  look(expectations: readonly Expectation[], options: ObserverOptions): Promise<Agreement>;
  /** Asks only those who do not remember a "no". */
  lookAtOwnServers(expectations: readonly Expectation[], options: ObserverOptions): Promise<Agreement>;
  wait(expectations: readonly Expectation[], options: AwaitOptions): Promise<Agreement>;
  /** Zones that the world is not sent to, when the wait is over. */
  awaitDelegation(zones: ZoneServers, options: AwaitDelegationOptions): Promise<readonly NotDelegated[]>;
  /** Blocklists that have the address; those that do not answer are left out. */
  listings(address: string, options: ObserverOptions): Promise<readonly ListedAddress[]>;
  /** What the provider's configuration or the environment say, where a resource says nothing. */
  readonly defaults: DnsDefaults;
}

/** Resolvers of all resources of a run. */
export class DnsDefaults {
  private configured: readonly string[] | undefined;

  constructor(private readonly env: NodeJS.ProcessEnv = process.env) {}

  configure(resolvers: readonly string[] | undefined): void {
    this.configured = resolvers;
  }

  /** Absent: those of the machine and public ones. */
  get resolvers(): readonly string[] | undefined {
    const named = (this.env.MAILSERVER_RESOLVERS ?? '').split(/[\s,]+/).filter(Boolean);
    return this.configured ?? (named.length > 0 ? named : undefined);
  }
}

/** The real world. Loaded when it is needed: most runs of a provider only answer questions about its schema. */
export function realDns(defaults: DnsDefaults): DnsParts {
  const verify = () => import('../../verify/dns/index.js');
  return {
    defaults,
    look: async (expectations, options) => (await verify()).lookForAgreement(expectations, options),
    lookAtOwnServers: async (expectations, options) => (await verify()).lookAtOwnServers(expectations, options),
    awaitDelegation: async (zones, options) => (await verify()).awaitDelegation(zones, options),
    listings: async (address, options) => (await import('./listings.js')).addressListings(address, options),
    wait: async (expectations, options) => (await verify()).awaitAgreement(expectations, options),
  };
}
