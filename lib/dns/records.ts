import { absoluteName, normalizeName } from './names';
import { reverseName } from './reverse';

/** The types of records that a mail host and its domains need. */
export type DnsRecordType = 'A' | 'AAAA' | 'CAA' | 'CNAME' | 'MX' | 'PTR' | 'SRV' | 'SSHFP' | 'TLSA' | 'TXT';

/** One set of records: everything of one type at one name. */
export interface DnsRecordSet {
  /** Owner name without final dot. */
  readonly name: string;
  readonly type: DnsRecordType;
  /** Values in the presentation format of the type; text of any length without quotes, names in them with their final dot. */
  readonly values: readonly string[];
}

/** Forward record of the mail host. `ipv4` may be a token. */
export function addressRecord(heloName: string, ipv4: string): DnsRecordSet {
  return { name: normalizeName(heloName), type: 'A', values: [ipv4] };
}

/** Forward record for IPv6, for addresses that have a reverse name only (R32). `ipv6` may be a token. */
export function ipv6AddressRecord(heloName: string, ipv6: string): DnsRecordSet {
  return { name: normalizeName(heloName), type: 'AAAA', values: [ipv6] };
}

/** Reverse record of the mail host: exactly the HELO name (R31). `address` must be known. */
export function pointerRecord(heloName: string, address: string): DnsRecordSet {
  return { name: reverseName(address), type: 'PTR', values: [absoluteName(heloName)] };
}

/** The MX of a mail domain names its hosts by their HELO names (R28, R29). The preference matters only next to other hosts. Default: 10. */
export function mailExchangerRecord(
  domain: string,
  hosts: readonly { readonly heloName: string; readonly mxPreference?: number | false }[],
): DnsRecordSet {
  const values = hosts.flatMap(({ heloName, mxPreference = 10 }) =>
    mxPreference === false ? [] : [`${mxPreference} ${absoluteName(heloName)}`],
  );
  return { name: normalizeName(domain), type: 'MX', values };
}
