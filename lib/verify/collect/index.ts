import { reverseName } from '../../dns';
import { ownAddresses } from '../checks/helo';
import { DnsObserver, type ObserverOptions } from '../dns';
import { type DnsPicture, Known } from '../picture';
import type { VerifySubject } from '../subject';
import { type Blocklists, collectListings, defaultBlocklists } from './listings';
import { collectRecords } from './records';
import { collectZones } from './zones';

export { type Blocklists, defaultBlocklists } from './listings';

export interface CollectOptions extends ObserverOptions {
  /** Blocklists to ask. Default: {@link defaultBlocklists}. */
  readonly blocklists?: Blocklists;
}

/** Everything that DNS says of a mail server, as plain data. Never rejects for what DNS does. */
export async function collectDns(subject: VerifySubject, options: CollectOptions = {}): Promise<DnsPicture> {
  const observer = new DnsObserver(options);
  const lists = options.blocklists ?? defaultBlocklists;
  const zonesOfNames = collectZones([subject.heloName, ...subject.domains, ...subject.addresses.map(reverseName)], observer);
  const observations = await collectRecords(subject, observer);
  const addresses = ownAddresses(subject, new Known(observations));
  const [zones, more, listings] = await Promise.all([
    zonesOfNames,
    collectZones(addresses.filter((address) => !subject.addresses.includes(address)).map(reverseName), observer),
    collectListings({ addresses, domains: [...subject.domains, subject.heloName], lists }, observer),
  ]);
  const all = new Map([...zones, ...more].map((zone) => [zone.zone, zone]));
  return { observations, zones: [...all.values()], listings };
}
