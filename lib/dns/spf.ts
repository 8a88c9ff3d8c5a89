import * as z from 'zod/mini';
import { nameProblem } from '../net/domain-name';
import { anyAddress, externalNetwork } from '../net/ip-address';
import { group } from '../settings/group';
import { optional } from '../settings/property';
import { distinct, oneOf, text } from '../settings/vocabulary';
import { normalizeName } from './names';
import { isDomainSpec } from './spf-grammar';

/** Terms of a record that make a receiver look something up (RFC 7208 4.6.4); `mx` or `a` is one of them. */
const mostLookUps = 10;

/** `_spf.example.net`: names of TXT records may have labels with an underscore, and macros that the receiver fills in. */
function includedName(value: string): string | undefined {
  if (!value.includes('%')) return nameProblem('domain to include', value.replace(/(^|\.)_+/g, '$1'));
  if (/\s/.test(value)) return `'${value}' is not a domain to include: it has white space in it`;
  if (isDomainSpec(value)) return undefined;
  return `'${value}' is not a domain to include: a macro is a letter of s, l, o, d, i, p, h, v in braces after a percent sign, e.g. %{ir}, and the name ends with a macro or a domain (RFC 7208 7)`;
}
const sender = (value: string) => (value.includes('/') ? externalNetwork(value) : anyAddress(value));

/** Who else may send mail for a domain, and what becomes of mail from anybody else. */
export const spfPolicy = group({
  include: optional(
    distinct(text(includedName)).check(
      z.maxLength(mostLookUps - 1, `SPF allows ${mostLookUps} look-ups in all, one is for this host: leave out some`),
    ),
  ),
  addresses: optional(distinct(text(sender))),
  others: optional(oneOf(['fail', 'softfail', 'neutral'])),
});

/** Who else may send mail for a domain (RFC 7208); this host always may. */
export interface SpfPolicy {
  /**
   * Domains whose own SPF record permits more senders, e.g. of a newsletter service, with macros where a service asks for them
   * (`%{ir}.%{v}.%{d}.spf.example.net`, RFC 7208 7). At most nine: receivers give up after ten look-ups.
   *
   * @default []
   */
  readonly include?: readonly string[];

  /**
   * Further addresses and networks of either family that mail comes from.
   *
   * @default []
   */
  readonly addresses?: readonly string[];

  /**
   * What receivers should think of mail from anywhere else: `fail` (`-all`), `softfail` (`~all`), `neutral` (`?all`).
   *
   * @default fail
   */
  readonly others?: 'fail' | 'softfail' | 'neutral';
}

const qualifiers = { fail: '-all', softfail: '~all', neutral: '?all' } as const;

/** `ip4` or `ip6` (RFC 7208 5.6). */
const mechanismOf = (address: string): string => (address.includes(':') ? 'ip6' : 'ip4');

/**
 * The SPF record of a mail domain. Its hosts are permitted by `mx`: it follows the MX wherever that goes, and covers exactly the
 * addresses that the HELO names have, so no address is written twice.
 *
 * @param familyOf the mechanism of an address, for those that are not known yet
 * @param onlySending HELO names of hosts that no MX names
 */
export function spfText(
  { include = [], addresses = [], others = 'fail' }: SpfPolicy = {},
  {
    familyOf = mechanismOf,
    onlySending = [],
  }: { readonly familyOf?: (address: string) => string; readonly onlySending?: readonly string[] } = {},
): string {
  const hosts = onlySending.map((name) => `a:${normalizeName(name)}`);
  const networks = addresses.map((address) => `${familyOf(address)}:${address}`);
  return ['v=spf1', 'mx', ...hosts, ...networks, ...include.map((domain) => `include:${domain}`), qualifiers[others]].join(' ');
}

/** The SPF record of the HELO name itself, which is what receivers ask for bounces, as those have no sender (RFC 7208 2.4). */
export const heloSpfText = 'v=spf1 a -all';
