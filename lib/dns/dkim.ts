import { absoluteName, normalizeName } from './names';
import type { DnsRecordSet } from './records';

/** Where receivers look for the key of a signature (RFC 6376 3.6.2.1). */
export function keyName(selector: string, domain: string): string {
  return `${selector}._domainkey.${normalizeName(domain)}`;
}

/** The key of a host, next to its HELO name. `text` may be a token. */
export function keyRecord(selector: string, heloName: string, text: string): DnsRecordSet {
  return { name: keyName(selector, heloName), type: 'TXT', values: [text] };
}

/** Of a mail domain an alias of that: a new key is one record, however many domains there are. */
export function keyAliasRecord(selector: string, domain: string, heloName: string): DnsRecordSet {
  return { name: keyName(selector, domain), type: 'CNAME', values: [absoluteName(keyName(selector, heloName))] };
}
