import { DNSBL_SITE } from '../dnsbl-site';
import type { Problem } from './checked';
import { nameProblem } from './domain-name';

/** Lists that answered for years and are gone: some answer nothing, some everything. */
const DEAD: Readonly<Record<string, string>> = {
  'ix.dnsbl.manitu.net': 'January 2025',
  'dnsbl.sorbs.net': 'June 2024',
  'dnsbl.ahbl.org': '2015',
  'dnsbl.njabl.org': '2013',
};

/** An entry of `postscreen_dnsbl_sites`. */
export const blocklist: Problem = (value) => {
  const [, zone, replies] = DNSBL_SITE.exec(value) ?? [];
  if (zone === undefined) {
    return `'${value}' is no blocklist: expected zone[=replies][*weight], e.g. zen.spamhaus.org=127.0.0.[2..11]*2`;
  }
  const problem = nameProblem('blocklist', zone);
  if (problem !== undefined) return problem;
  const end = DEAD[zone.toLowerCase()];
  if (end !== undefined) return `'${zone}' was shut down in ${end}, and its answers mean nothing any more: leave it out`;
  const octet = replies
    ?.match(/\[[^\]]*\]|\d+/g)
    ?.flatMap((part) => part.match(/\d+/g) ?? [])
    .find((number) => Number(number) > 255);
  if (octet !== undefined) return `'${value}' has a reply with ${octet} in it: an octet is at most 255`;
  if (replies !== undefined && replies.match(/\[[^\]]*\]|\d+/g)?.length !== 4) {
    return `'${value}' has the reply '${replies}': expected four octets, e.g. 127.0.0.[2..11]`;
  }
  return undefined;
};
