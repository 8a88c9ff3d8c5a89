import { checkListings, removalFrom } from '../../verify/checks/blocklists';
import { collectListings, defaultBlocklists } from '../../verify/collect/listings';
import { DnsObserver, type ObserverOptions } from '../../verify/dns';

/** One blocklist that has an address. */
export interface ListedAddress {
  readonly list: string;
  /** Return codes, and what they mean. */
  readonly codes: string;
  /** Where to ask to be taken off. */
  readonly removal: string;
}

/** Asks the blocklists that many receivers use. One that does not answer, or lies (RFC 5782 5), says nothing. */
export async function addressListings(address: string, options: ObserverOptions): Promise<readonly ListedAddress[]> {
  const lists = { address: defaultBlocklists.address, domain: [] };
  const listings = await collectListings({ addresses: [address], domains: [], lists }, new DnsObserver(options));
  return listings.flatMap((listing) =>
    checkListings([listing])
      .filter(({ state }) => state === 'critical')
      .map(({ found }) => ({ list: listing.list, codes: found, removal: removalFrom(listing.list) })),
  );
}
