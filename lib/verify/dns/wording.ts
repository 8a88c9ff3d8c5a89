import type { DnsView } from './observer';

/** `ns1.example.net (198.51.100.2)`, or a resolver's address. */
export function who({ source, server, name }: Pick<DnsView, 'source' | 'server' | 'name'>): string {
  return source === 'authoritative' ? `${name ?? 'name server'} (${server})` : `resolver ${server}`;
}

/** What a server said, for people. */
export function said({ outcome, values, aliases, problem, bogus }: Omit<DnsView, 'source' | 'server'>): string {
  if (outcome === 'answer') return values.join(', ');
  if (outcome === 'alias') return `alias (CNAME) to ${aliases?.at(-1)}`;
  if (outcome === 'nodata') return 'no such record';
  if (outcome === 'nxdomain') return 'no such name (NXDOMAIN)';
  if (outcome === 'servfail') return bogus ? 'SERVFAIL, because the DNSSEC signatures are wrong' : 'SERVFAIL';
  if (outcome === 'refused') return 'REFUSED';
  if (outcome === 'referral') return 'a referral to other servers';
  return problem ?? outcome;
}
