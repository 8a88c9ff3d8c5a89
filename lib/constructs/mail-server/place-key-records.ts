import type { Construct } from 'constructs';
import { keyRecord } from '../../dns';
import type { IMailDns } from '../dns/mail-dns';
import type { MailserverRole } from '../resources';
import type { PlacedRecord } from './place-domain-records';

/** The public halves of the keys that the host made, next to its HELO name. It signs with a key once it sees the record (DKIM). */
export function placeKeyRecords(
  scope: Construct,
  selectors: readonly string[],
  { dns, heloName, role }: { readonly dns: IMailDns; readonly heloName: string; readonly role: MailserverRole },
): PlacedRecord[] {
  return selectors.map((selector) => {
    const record = keyRecord(selector, heloName, role.dkimRecord(selector));
    const placed = dns.addRecord(scope, `DKIM-${selector}`, { ...record, longText: true, dependsOn: [role] });
    return { record, placed };
  });
}
