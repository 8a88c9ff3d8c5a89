import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Listing } from '../picture';
import { isListing, isRefusal } from '../return-code';

/** Where to ask to be taken off, and what the codes of a list mean. */
interface KnownList {
  readonly removal: string;
  readonly codes?: readonly (readonly [pattern: RegExp, meaning: string])[];
}

const lists: Readonly<Record<string, KnownList>> = {
  'zen.spamhaus.org': {
    removal: 'https://check.spamhaus.org/',
    codes: [
      [/^127\.0\.0\.2$/, 'SBL: a source of spam'],
      [/^127\.0\.0\.3$/, 'CSS: low reputation, often a wrong HELO name or a hacked account'],
      [/^127\.0\.0\.[4-7]$/, 'XBL: an infected machine or an open proxy'],
      [/^127\.0\.0\.9$/, 'DROP: a hijacked network'],
      [/^127\.0\.0\.1[01]$/, 'PBL: a network whose hosts are not to send mail; its owner can take single addresses out'],
    ],
  },
  'dbl.spamhaus.org': {
    removal: 'https://check.spamhaus.org/',
    codes: [
      [/^127\.0\.1\.2$/, 'a domain of spammers, or of low reputation'],
      [/^127\.0\.1\.4$/, 'phishing'],
      [/^127\.0\.1\.5$/, 'malware'],
      [/^127\.0\.1\.6$/, 'control of a botnet'],
      [/^127\.0\.1\.102$/, 'a hacked web page that spam points to'],
      [/^127\.0\.1\.103$/, 'a redirector that spam uses'],
      [/^127\.0\.1\.104$/, 'a hacked web page, used for phishing'],
      [/^127\.0\.1\.105$/, 'a hacked web page, used for malware'],
      [/^127\.0\.1\.106$/, 'a hacked machine, used to control a botnet'],
    ],
  },
  'bl.spamcop.net': { removal: 'https://www.spamcop.net/bl.shtml' },
  'psbl.surriel.com': { removal: 'https://psbl.org/remove' },
  'b.barracudacentral.org': { removal: 'https://www.barracudacentral.org/rbl/removal-request' },
};

/** Own addresses and domains on blocklists. A list that lies is reported as dead and not obeyed (RFC 5782 5). */
export function checkListings(listings: readonly Listing[]): Finding[] {
  const byList = new Map<string, Listing[]>();
  for (const listing of listings) byList.set(listing.list, [...(byList.get(listing.list) ?? []), listing]);
  return [...byList].flatMap(([list, entries]) => {
    const useless = listProblem(entries);
    const about: About = { check: 'blocklist', group: 'blocklists', subject: list, title: list };
    if (useless) return [note(about, useless.found, useless.problem)];
    const listed = entries.filter(({ codes }) => codes?.some(isListing));
    if (listed.length > 0) return listed.map(listedFinding);
    const silent = entries.filter(({ codes }) => codes === undefined);
    if (silent.length > 0) {
      return [note(about, `no answer for ${silent.map(({ subject }) => subject).join(', ')}`, silent[0]?.problem)];
    }
    return [ok(about, `not listed: ${few(entries.map(({ subject }) => subject))}`)];
  });
}

const few = (names: readonly string[]) =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

/** Why the answers of a list mean nothing; undefined when they do. */
function listProblem(entries: readonly Listing[]): { found: string; problem: string } | undefined {
  const [first] = entries;
  if (!first) return undefined;
  const all = entries.flatMap(({ codes = [], mustList = [], mustNotList = [] }) => [...codes, ...mustList, ...mustNotList]);
  const refused = all.find(isRefusal);
  if (refused) {
    return {
      found: `refuses to answer (${refused})`,
      problem: 'it does not answer this resolver: ask from a host with a resolver of its own, or with a key of the list',
    };
  }
  const { mustList, mustNotList, kind } = first;
  const [listedPoint, unlistedPoint] =
    kind === 'address' ? ['127.0.0.2', '127.0.0.1'] : ['its test name', 'a name that cannot exist'];
  if (mustNotList && mustNotList.length > 0) {
    return {
      found: `lists ${unlistedPoint} (${mustNotList.join(', ')})`,
      problem: 'it lists everything: it is dead or lies, and is not obeyed here. Take it out of dnsblSites if it is there',
    };
  }
  const foreign = all.find((code) => !code.startsWith('127.'));
  if (foreign) {
    return {
      found: `answers ${foreign}`,
      problem: 'that is not a return code (127.x): the domain of the list belongs to somebody else now',
    };
  }
  if (mustList?.length === 0) {
    return {
      found: `does not list ${listedPoint}`,
      problem: 'it lists nothing: it is dead, or refuses this resolver without saying so',
    };
  }
  if (mustList === undefined) return { found: first.problem ?? 'no answer', problem: 'nothing is known of this list' };
  return undefined;
}

/** Where to ask a list to take an entry off. */
export const removalFrom = (list: string) => lists[list]?.removal ?? `see the web page of ${list}`;

function listedFinding({ list, subject, codes = [], kind, reason }: Listing): Finding {
  const known = lists[list];
  const meanings = codes.flatMap((code) => known?.codes?.find(([pattern]) => pattern.test(code))?.[1] ?? []);
  const why = [...meanings, ...(reason === undefined ? [] : [reason])];
  const found = `${codes.join(', ')}${why.length > 0 ? ` (${why.join('; ')})` : ''}`;
  const about: About = { check: 'blocklist', group: 'blocklists', subject, title: `${subject} on ${list}` };
  return wrong(about, 'critical', {
    found,
    expected: 'not listed',
    problem: `${kind === 'address' ? 'mail from the address' : 'mail that names the domain'} is refused by everybody who uses the list`,
    fix: {
      text: `find out why first (mail log, queue, hacked accounts), then ask to be taken off: ${removalFrom(list)}`,
    },
  });
}
