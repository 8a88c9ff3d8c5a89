import type { RoleSettings } from './settings';

/** An entry of `postscreen_dnsbl_sites`: `zone[=replies][*weight]`. */
export interface DnsblSite {
  readonly zone: string;
  /** Replies that count, e.g. `127.0.0.[2..11]`; undefined: all in 127.0.0.0/8 but the error codes in 127.255.255.0/24. */
  readonly replies?: string;
  readonly weight: number;
}

/** Alive, free for everyone, and the only reply they give is documented: 127.0.0.2. */
const DEFAULT_SITES: readonly string[] = ['bl.spamcop.net=127.0.0.2', 'psbl.surriel.com=127.0.0.2'];

export const DNSBL_SITE = /^([a-z0-9][a-z0-9.-]*)(?:=([0-9.;[\]]+))?(?:\*(-?\d+))?$/i;

/** The blocklists in use. */
export function dnsblSites(settings: RoleSettings): DnsblSite[] {
  return (settings.dnsblSites ?? DEFAULT_SITES).map((site) => {
    const [, zone, replies, weight] = DNSBL_SITE.exec(site) ?? [undefined, site];
    return { zone: zone ?? site, replies, weight: Number(weight ?? 1) };
  });
}

/** A regular expression for the replies that count: octets are numbers, or `[2..11;14]`. */
export function repliesPattern(replies: string | undefined): string {
  if (replies === undefined) return '^127[.](?!255[.]255[.])';
  const octets = replies.match(/\[[^\]]*\]|\d+/g) ?? [];
  const alternatives = octets.map((octet) => {
    const values = octet.replace(/[[\]]/g, '').split(';').flatMap(range);
    return values.length === 1 ? values.join('') : `(?:${values.join('|')})`;
  });
  return `^${alternatives.join('[.]')}$`;
}

function range(part: string): number[] {
  const [from = 0, to = from] = part.split('..').map(Number);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
