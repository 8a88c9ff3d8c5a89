import { isWithin, normalizeName, sameName } from '../../dns';
import type { Finding } from '../finding';
import { type DnsPicture, Known } from '../picture';
import { relayKeyNames, type SmartHost, signedNames, type VerifySubject } from '../subject';
import { checkListings } from './blocklists';
import { checkDkim } from './dkim';
import { checkDmarc } from './dmarc';
import { checkHeloName, ownAddresses } from './helo';
import { checkMailExchangers } from './mail-exchanger';
import { checkRelayKeys } from './relay-keys';
import { checkReverse } from './reverse';
import { checkHeloSpf, checkSpf } from './spf';
import { checkZone } from './zone';

/** Judges what DNS says of a mail server. Pure: the same picture gives the same findings. */
export function judgeDns(subject: VerifySubject, picture: DnsPicture): Finding[] {
  const known = new Known(picture.observations);
  const { heloName, domains, smartHosts } = subject;
  const addresses = ownAddresses(subject, known);
  const isReverse = (zone: string) => isWithin(zone, 'arpa');
  return [
    ...checkHeloName(subject, known),
    ...checkReverse(heloName, addresses, known),
    ...checkHeloSpf(heloName, domains, addresses, known),
    ...domains
      .map(normalizeName)
      .flatMap((domain) => [
        ...checkMailExchangers(domain, subject, addresses, known),
        ...checkSpf(domain, heloName, { addresses, includes: includesOf(domain, smartHosts) }, known),
        ...checkDmarc(domain, known),
      ]),
    ...signedNames(subject).flatMap((name) => checkDkim(name, { heloName, records: subject.dkim ?? {} }, known)),
    ...checkRelayKeys(relayKeyNames(subject), known),
    ...picture.zones.flatMap((zone) => checkZone(zone, { foreign: isReverse(zone.zone) })),
    ...checkListings(picture.listings),
  ];
}

/** What the SPF record of a domain has to include; absent where mail of the domain leaves from the host's own addresses. */
function includesOf(domain: string, smartHosts: readonly SmartHost[] = []): readonly string[] | undefined {
  const used = smartHosts.filter(({ senders }) => senders?.some((sender) => sameName(sender, domain)) ?? true);
  return used.length === 0 ? undefined : [...new Set(used.flatMap(({ spf }) => spf ?? []))];
}
