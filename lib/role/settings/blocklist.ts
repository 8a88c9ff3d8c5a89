import { nameProblem } from '../../net/domain-name';
import type { Problem } from '../../settings/vocabulary';
import { DNSBL_SITE } from '../dnsbl-site';

/** Lists that answered for years and are gone: some answer nothing, some everything. */
const DEAD: Readonly<Record<string, string>> = {
  'ix.dnsbl.manitu.net': 'January 2025',
  'dnsbl.sorbs.net': 'June 2024',
  'dnsbl.ahbl.org': '2015',
  'dnsbl.njabl.org': '2013',
};

/** An entry of `postscreen_dnsbl_sites`. */
export const blocklist: Problem = (value) => {
  const [, zone, replies, weight] = DNSBL_SITE.exec(value) ?? [];
  if (zone === undefined) return noSite(value);
  const problem = nameProblem('blocklist', zone);
  if (problem !== undefined) return problem;
  if (!zone.includes('.')) return `'${zone}' is not a blocklist: it has no dot, give the zone, e.g. zen.spamhaus.org`;
  const end = DEAD[zone.toLowerCase()];
  if (end !== undefined) return `'${zone}' was shut down in ${end}, and its answers mean nothing any more: leave it out`;
  if (weight !== undefined && Number(weight) === 0)
    return `'${value}' has the weight 0, with which it says nothing: leave the list out`;
  return replies === undefined ? undefined : repliesProblem(value, replies);
};

/** Two entries of one list differ by the replies they are about. */
export function sameSite(value: string): string {
  return value.toLowerCase().replace(/\*-?\d+$/, '');
}

function noSite(value: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return nameProblem('blocklist', value) as string;
  return `'${value}' is not a blocklist: expected zone[=replies][*weight], e.g. zen.spamhaus.org=127.0.0.[2..11]*2`;
}

function repliesProblem(value: string, replies: string): string | undefined {
  const octets = replies.match(/\[[^\]]*\]|\d+/g) ?? [];
  const numbers = octets.flatMap((octet) => octet.match(/\d+/g) ?? []);
  const large = numbers.find((number) => Number(number) > 255);
  if (large !== undefined) return `'${value}' has a reply with ${large} in it: an octet is at most 255`;
  if (octets.length !== 4 || octets.join('.') !== replies) {
    const hint = /\d\.\.\d/.test(replies) && !replies.includes('[') ? '; a range stands in brackets' : '';
    return `'${value}' has the reply '${replies}': expected four octets, e.g. 127.0.0.[2..11]${hint}`;
  }
  if (octets[0] !== '127') return `'${value}' has the reply '${replies}', and blocklists reply with 127.x.x.x`;
  const backwards = [...replies.matchAll(/(\d+)\.\.(\d+)/g)].find(([, from, to]) => Number(from) > Number(to));
  return backwards === undefined
    ? undefined
    : `'${value}' has the range '${backwards[0]}', which is empty: the smaller number comes first`;
}
