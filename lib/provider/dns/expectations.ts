import { isIPv6 } from 'node:net';
import { absoluteName, normalizeName, reverseName } from '../../dns';
import type { Expectation, QueryType } from '../../verify/dns';
import type { DnsSettings } from './settings';

/** An expected record, and the key that names its row: `A mail.example.com`, or `PTR IPv4` while the address may still be unknown. */
export interface KeyedExpectation extends Expectation {
  readonly key: string;
}

/**
 * What the world is to see. A HELO name has exactly the addresses that mail is sent from: one more is one that receivers may see
 * without a reverse name, so the absence of AAAA is expected, too (R32). Each address has exactly the HELO name (R31).
 */
export function expectationsOf({ heloName, addresses = [], records = {} }: Partial<DnsSettings>): readonly KeyedExpectation[] {
  return [...(heloName === undefined ? [] : hostExpectations(heloName, addresses)), ...recordExpectations(records)];
}

function hostExpectations(heloName: string, addresses: readonly string[]): readonly KeyedExpectation[] {
  const name = normalizeName(heloName);
  const families = [
    { type: 'A', title: 'PTR IPv4', own: addresses.filter((address) => !isIPv6(address)) },
    { type: 'AAAA', title: 'PTR IPv6', own: addresses.filter((address) => isIPv6(address)) },
  ] as const;
  const forward = families.map(({ type, own }) => ({ key: `${type} ${name}`, name, type, values: own }));
  const reverse = families.flatMap(({ title, own }) =>
    own.map((address, index) => ({
      key: index === 0 ? title : `${title} ${index + 1}`,
      name: reverseName(address),
      type: 'PTR' as const,
      values: [absoluteName(name)],
    })),
  );
  return [...forward, ...reverse];
}

export function recordExpectations(records: Readonly<Record<string, readonly string[]>>): readonly KeyedExpectation[] {
  return Object.entries(records).map(([key, values]) => {
    const [type = '', name = ''] = key.split(' ');
    return { key, type: type as QueryType, name: normalizeName(name), values };
  });
}
