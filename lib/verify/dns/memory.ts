import type { DnsRecord, DnsReply } from './reply';

/**
 * How long the absence of a name or of a type is remembered, in seconds: the smaller of the SOA's time to live and its last field
 * (RFC 2308 5).
 *
 * @returns undefined without an SOA: then the absence may not be remembered at all
 */
export function negativeSeconds(records: readonly DnsRecord[]): number | undefined {
  const soa = records.find(({ type }) => type === 'SOA');
  return soa && Math.min(soa.ttl, Number(soa.data.split(' ').at(-1)));
}

/**
 * How long a resolver may go on with this answer, in seconds: what it has in its memory it hands out with the time that is left.
 *
 * @returns undefined for what it does not remember: failures, and zones that it holds itself (AA)
 */
export function memoryOf({ outcome, authoritative, records }: DnsReply): number | undefined {
  if (authoritative) return undefined;
  if (outcome === 'nodata' || outcome === 'nxdomain') return negativeSeconds(records);
  if (outcome !== 'answer' && outcome !== 'alias') return undefined;
  return Math.min(...records.filter(({ type }) => type !== 'NS' && type !== 'SOA').map(({ ttl }) => ttl));
}

/** `40 more seconds`, `11 more minutes`, `3 more hours`; rounded up. */
export function moreTime(seconds: number): string {
  const [count, unit] =
    seconds < 90
      ? [Math.ceil(seconds), 'second']
      : seconds < 90 * 60
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return `${count} more ${unit}${count === 1 ? '' : 's'}`;
}
