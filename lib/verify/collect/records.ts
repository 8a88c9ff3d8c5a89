import { isIP } from 'node:net';
import { keyName, normalizeName, reverseName } from '../../dns';
import { ownAddresses } from '../checks/helo';
import { dmarcQuestions } from '../dmarc/questions';
import { type DnsObserver, type DnsQuestion, isKnown, type Observation } from '../dns';
import { Known, keyOf } from '../picture';
import { evaluateSpf } from '../spf/evaluate';
import { relayKeyNames, signedNames, type VerifySubject } from '../subject';

/** An SPF record deeper than this is an error anyway: each level is a look-up, and ten are allowed. */
const maxRounds = 12;

/** What has been seen so far; each question is asked once. */
class Collection {
  private readonly seen = new Map<string, Observation>();

  constructor(private readonly observer: DnsObserver) {}

  get observations(): readonly Observation[] {
    return [...this.seen.values()];
  }

  get known(): Known {
    return new Known(this.observations);
  }

  /** Names of the mail server's own: everybody who should know is asked. */
  own(questions: readonly DnsQuestion[]): Promise<void> {
    return this.gather(questions, (question) => this.observer.observe(question));
  }

  /** Names of others: resolvers are enough. */
  foreign(questions: readonly DnsQuestion[]): Promise<void> {
    return this.gather(questions, (question) => this.observer.resolve(question));
  }

  private async gather(questions: readonly DnsQuestion[], look: (question: DnsQuestion) => Promise<Observation>): Promise<void> {
    const fresh = [...new Map(questions.map((question) => [keyOf(question), question])).values()].filter(
      (question) => !this.seen.has(keyOf(question)),
    );
    for (const observation of await Promise.all(fresh.map(look))) this.seen.set(keyOf(observation), observation);
  }
}

/**
 * Every record that the checks read, asked in a few rounds: what is known by name, what the answers name, and what SPF leads to.
 */
export async function collectRecords(subject: VerifySubject, observer: DnsObserver): Promise<readonly Observation[]> {
  const { heloName, addresses, domains } = subject;
  const collection = new Collection(observer);
  const reverse = (all: readonly string[]): DnsQuestion[] => all.map((address) => ({ name: reverseName(address), type: 'PTR' }));
  await collection.own([
    { name: heloName, type: 'A' },
    { name: heloName, type: 'AAAA' },
    { name: heloName, type: 'TXT' },
    ...reverse(addresses),
    ...domains.flatMap((domain): DnsQuestion[] => [
      { name: domain, type: 'MX' },
      { name: domain, type: 'TXT' },
      { name: `_dmarc.${normalizeName(domain)}`, type: 'TXT' },
    ]),
    ...signedNames(subject).flatMap((name) =>
      Object.keys(subject.dkim ?? {}).map((selector): DnsQuestion => ({ name: keyName(selector, name), type: 'TXT' })),
    ),
    ...relayKeyNames(subject).map((name): DnsQuestion => ({ name, type: 'TXT' })),
  ]);
  const own = ownAddresses(subject, collection.known);
  await Promise.all([
    collection.own(reverse(own)),
    collection.foreign(exchangerQuestions(domains, collection.known)),
    followDmarc(domains, collection),
    followSpf(subject, own, collection),
  ]);
  const { known } = collection;
  await collection.foreign(forwardQuestions(own, known));
  return collection.observations;
}

/** Addresses of everything that an MX names. */
function exchangerQuestions(domains: readonly string[], known: Known): DnsQuestion[] {
  const hosts = domains.flatMap((domain) =>
    known.answer(domain, 'MX').values.map((value) => normalizeName(value.split(' ')[1] ?? '')),
  );
  return [...new Set(hosts)]
    .filter((host) => host !== '.' && isIP(host) === 0)
    .flatMap((name): DnsQuestion[] => [
      { name, type: 'A' },
      { name, type: 'AAAA' },
    ]);
}

/** Walks from the domains to their organizations, and to those that get reports. */
async function followDmarc(domains: readonly string[], collection: Collection): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const { known } = collection;
    const needs = domains.flatMap((domain) => dmarcQuestions(domain, known));
    if (needs.length === 0) return;
    await collection.foreign(needs);
  }
}

/** The way back from each reverse name. */
function forwardQuestions(addresses: readonly string[], known: Known): DnsQuestion[] {
  return addresses.flatMap((address) =>
    known.answer(reverseName(address), 'PTR').values.map(
      (name): DnsQuestion => ({
        name: normalizeName(name),
        type: address.includes(':') ? 'AAAA' : 'A',
      }),
    ),
  );
}

/** Evaluates again and again with what is known, and asks for what was missing. */
async function followSpf(
  { heloName, domains }: VerifySubject,
  addresses: readonly string[],
  collection: Collection,
): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const { known } = collection;
    const needs = [heloName, ...domains].flatMap((domain) =>
      [undefined, ...addresses].flatMap((address) => evaluateSpf({ domain, address, heloName }, known).needs),
    );
    if (needs.length === 0) return;
    await collection.foreign(needs);
  }
}

/** Whether any server said anything at all: otherwise DNS as a whole is out of reach from here. */
export function anyAnswer(observations: readonly Observation[]): boolean {
  return observations.some(({ views }) => views.some(({ outcome }) => isKnown(outcome)));
}
