import { isIPv6 } from 'node:net';
import {
  addressRecord,
  asciiName,
  type DnsRecordSet,
  domainRecords,
  heloSpfText,
  ipv6AddressRecord,
  normalizeName,
  pointerRecord,
} from '../../dns';
import { mailDomain } from '../../net/domain-name';
import { heloName } from '../../net/helo-name';
import { anyAddress } from '../../net/ip-address';
import type { Problem } from '../../settings/vocabulary';
import { isPrivateAddress } from '../../verify/checks/common';

/** What the records of a mail host are made of. */
export interface ZoneSubject {
  readonly helo: string;
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
  readonly mxPreference?: number;
}

/**
 * Every record of a mail host and its domains, reverse names included.
 *
 * @throws with every broken rule at once
 */
export function recordsOf({ helo, addresses, domains, mxPreference }: ZoneSubject): readonly DnsRecordSet[] {
  const name = normalizeName(asciiName(helo));
  const mail = domains.map((domain) => normalizeName(asciiName(domain)));
  const problems = [heloName(name), ...addresses.map(worldAddress), ...mail.map(mailDomain)].filter(Boolean);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return [
    ...addresses.map((address) => (isIPv6(address) ? ipv6AddressRecord(name, address) : addressRecord(name, address))),
    ...addresses.map((address) => pointerRecord(name, address)),
    { name, type: 'TXT', values: [heloSpfText] },
    ...mail.flatMap((domain) =>
      domainRecords({ domain, hosts: [{ heloName: name, mxPreference }] }).map(({ name: owner, type, values }) => ({
        name: owner,
        type,
        values,
      })),
    ),
  ];
}

/** Records of an address that the world cannot reach would be of no use to anybody. */
const worldAddress: Problem = (value) =>
  anyAddress(value) ??
  (isPrivateAddress(value)
    ? `--address '${value}' is not reachable from the internet (RFC 6890): give the public address that mail is sent from`
    : undefined);
