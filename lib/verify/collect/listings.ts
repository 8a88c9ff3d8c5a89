import { isIPv4 } from 'node:net';
import { normalizeName, reverseName } from '../../dns';
import { isRefusal } from '../checks/blocklists';
import { type DnsObserver, type DnsReply, isKnown } from '../dns';
import type { Listing } from '../picture';

/** Blocklists that many receivers use, and that answer without an account. */
export const defaultBlocklists: Blocklists = {
  address: ['zen.spamhaus.org', 'bl.spamcop.net', 'psbl.surriel.com'],
  domain: ['dbl.spamhaus.org'],
};

export interface Blocklists {
  readonly address: readonly string[];
  readonly domain: readonly string[];
}

/** Test points that a list of domains must and must not list (RFC 5782 5), and those of lists that have their own. */
const domainPoints: Readonly<Record<string, string>> = { 'dbl.spamhaus.org': 'dbltest.com' };
const [defaultPoint, unlistedPoint] = ['test', 'invalid'];

/** Asks each list for these addresses and domains, and for its test points. */
export async function collectListings(
  { addresses, domains, lists }: { addresses: readonly string[]; domains: readonly string[]; lists: Blocklists },
  observer: DnsObserver,
): Promise<readonly Listing[]> {
  const ofAddresses = lists.address.map(async (list) => {
    const points = await testPoints(list, '2.0.0.127', '1.0.0.127', observer);
    return Promise.all(
      addresses.map(
        async (subject): Promise<Listing> => ({
          list,
          kind: 'address',
          subject,
          ...points,
          ...(await codes(list, reversed(subject), observer)),
        }),
      ),
    );
  });
  const ofDomains = lists.domain.map(async (list) => {
    const points = await testPoints(list, domainPoints[list] ?? defaultPoint, unlistedPoint, observer);
    return Promise.all(
      [...new Set(domains.map(normalizeName))].map(
        async (subject): Promise<Listing> => ({
          list,
          kind: 'domain',
          subject,
          ...points,
          ...(await codes(list, subject, observer)),
        }),
      ),
    );
  });
  return (await Promise.all([...ofAddresses, ...ofDomains])).flat();
}

const reversed = (address: string) => reverseName(address).replace(isIPv4(address) ? '.in-addr.arpa' : '.ip6.arpa', '');

async function testPoints(list: string, listed: string, unlisted: string, observer: DnsObserver) {
  const [mustList, mustNotList] = await Promise.all([codes(list, listed, observer), codes(list, unlisted, observer)]);
  return { mustList: mustList.codes, mustNotList: mustNotList.codes };
}

/**
 * Return codes of one entry. Lists refuse public resolvers, so all resolvers are asked, and where every one is refused the list's own name servers, as a resolver of one's own would.
 */
async function codes(list: string, entry: string, observer: DnsObserver): Promise<Pick<Listing, 'codes' | 'reason' | 'problem'>> {
  const question = { name: `${entry}.${list}`, type: 'A' } as const;
  const replies = await Promise.all(observer.resolvers.map((resolver) => observer.asker.ask(resolver, question)));
  const known = replies.filter(({ outcome }) => isKnown(outcome));
  const answered = known.find(({ values }) => !values.some(isRefusal));
  const reply = answered ?? (await fromTheListItself(list, question, observer)) ?? known[0];
  if (!reply) return { problem: 'no resolver answers for it' };
  return { codes: reply.values, ...(reply.values.length > 0 && (await reason(question.name, observer))) };
}

/** Lists say beside their return code why, often with the address of a page. */
async function reason(name: string, observer: DnsObserver): Promise<Pick<Listing, 'reason'>> {
  const { views } = await observer.resolve({ name, type: 'TXT' });
  const text = views.find(({ outcome }) => outcome === 'answer')?.values.join(' ');
  return text ? { reason: text } : {};
}

async function fromTheListItself(
  list: string,
  question: { readonly name: string; readonly type: 'A' },
  observer: DnsObserver,
): Promise<DnsReply | undefined> {
  const cut = await observer.zoneOf(list);
  const [server] = cut?.servers.flatMap(({ addresses }) => addresses).filter(({ address }) => isIPv4(address)) ?? [];
  if (!server || cut?.zone === '.') return undefined;
  const reply = await observer.asker.ask(server, question, { recursion: false });
  return reply.authoritative && isKnown(reply.outcome) ? reply : undefined;
}
