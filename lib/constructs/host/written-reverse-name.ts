import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { pointerRecord } from '../../dns';
import type { IMailDns } from '../dns/mail-dns';
import type { ReverseName } from './mail-host';

/** A reverse name as a record in a reverse zone that is at hand. */
export function writtenReverseName(
  scope: Construct,
  id: string,
  { dns, address, heloName }: { readonly dns: IMailDns; readonly address: string; readonly heloName: string },
  after: readonly ITerraformDependable[],
): ReverseName {
  const record = pointerRecord(heloName, address);
  const { managed, valuesText, dependables } = dns.addRecord(scope, id, { ...record, dependsOn: [...after] });
  return { managed, owner: record.name, expected: valuesText, dependables, remedy: 'run terraform apply' };
}
