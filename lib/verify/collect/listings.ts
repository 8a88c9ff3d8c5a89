import { isIPv4 } from 'node:net';
import { normalizeName, reverseName } from '../../dns';
import { type DnsObserver, type DnsReply, type DnsServer, isKnown } from '../dns';
import type { Listing } from '../picture';
import { isRefusal } from '../return-code';

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
  const names = [...new Set(domains.map(normalizeName))];
  const all = await Promise.all([
    ...lists.address.map((list) => {
      const entries = addresses.map((subject) => ({ subject, entry: reversed(subject) }));
      return ofList({ list, kind: 'address', listed: '2.0.0.127', unlisted: '1.0.0.127' }, entries, observer);
    }),
    ...lists.domain.map((list) => {
      const entries = names.map((subject) => ({ subject, entry: subject }));
      const listed = domainPoints[list] ?? defaultPoint;
      return ofList({ list, kind: 'domain', listed, unlisted: unlistedPoint }, entries, observer);
    }),
  ]);
  return all.flat();
}

interface List extends Pick<Listing, 'list' | 'kind'> {
  /** Test points. */
  readonly listed: string;
  readonly unlisted: string;
}

/** The test points first: they tell which resolver the list answers, and only that one is asked for thousands of entries. */
async function ofList(
  { list, kind, listed, unlisted }: List,
  entries: readonly { readonly subject: string; readonly entry: string }[],
  observer: DnsObserver,
): Promise<readonly Listing[]> {
  const [must, mustNot] = await Promise.all([codes(list, listed, observer), codes(list, unlisted, observer)]);
  return Promise.all(
    entries.map(async ({ subject, entry }): Promise<Listing> => {
      const { by: _by, ...found } = await codes(list, entry, observer, must.by);
      return { list, kind, subject, mustList: must.codes, mustNotList: mustNot.codes, ...found };
    }),
  );
}

const reversed = (address: string) => reverseName(address).replace(isIPv4(address) ? '.in-addr.arpa' : '.ip6.arpa', '');

interface Codes extends Pick<Listing, 'codes' | 'reason' | 'problem'> {
  /** The resolver that was answered. */
  readonly by?: DnsServer;
}

/**
 * Return codes of one entry. Lists refuse public resolvers, so all resolvers are asked, and where every one is refused the list's own
 * name servers, as a resolver of one's own would.
 *
 * @param first a resolver that the list answers: the others are asked only when it does not know
 */
async function codes(list: string, entry: string, observer: DnsObserver, first?: DnsServer): Promise<Codes> {
  const question = { name: `${entry}.${list}`, type: 'A' } as const;
  const ask = async (by: DnsServer) => ({ by, reply: await observer.asker.ask(by, question) });
  const tells = ({ reply }: { reply: DnsReply }) => isKnown(reply.outcome) && !reply.values.some(isRefusal);
  const early = first && (await ask(first));
  const answers = early && tells(early) ? [early] : await Promise.all(observer.resolvers.map(ask));
  const answered = answers.find(tells);
  const refused = answers.find(({ reply }) => isKnown(reply.outcome));
  const reply = answered?.reply ?? (await fromTheListItself(list, question, observer)) ?? refused?.reply;
  if (!reply) return { problem: 'no resolver answers for it' };
  return {
    codes: reply.values,
    ...(reply.values.length > 0 && (await reason(question.name, observer))),
    ...(answered && { by: answered.by }),
  };
}

/** Lists say next to their return code why, often with the address of a page. */
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
