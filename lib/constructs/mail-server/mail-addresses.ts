import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { addressRecord, type DnsRecordSet, ipv6AddressRecord } from '../../dns';
import type { IMailDns } from '../dns/mail-dns';
import type { IMailHost, ReverseName } from '../host/mail-host';
import type { PlacedRecord } from './place-domain-records';

/** The addresses of a host with their records in both directions, forward first (R10). */
export interface MailAddresses {
  readonly addresses: string[];
  readonly forward: readonly (PlacedRecord & { readonly type: 'A' | 'AAAA' })[];
  readonly reverse: readonly { readonly family: 'IPv4' | 'IPv6'; readonly name: ReverseName }[];
  readonly dependables: readonly ITerraformDependable[];
}

/** Ends when the world sees the records; nothing where nobody can ask it. */
export type ForwardAgreement = (records: readonly PlacedRecord[]) => ITerraformDependable | undefined;

/**
 * Writes A, and AAAA where the address can have a reverse name, and then the reverse names: whoever sets those looks for the forward
 * records first, as the world sees them, and remembers what it did not find. A former name goes last.
 */
export function placeAddresses(
  scope: Construct,
  { heloName, dns, host }: { readonly heloName: string; readonly dns: IMailDns; readonly host: IMailHost },
  agreementOn: ForwardAgreement,
): MailAddresses {
  const write = (type: 'A' | 'AAAA', record: DnsRecordSet) => {
    const placed = dns.addRecord(scope, type, { ...record, createBeforeDestroy: true });
    return { type, record, placed };
  };
  const { publicIpv6 } = host;
  if (publicIpv6 !== undefined && !host.setIpv6ReverseName) {
    throw new Error(
      `a host with publicIpv6 needs setIpv6ReverseName: ${publicIpv6} must have a reverse name (at ${scope.node.path})`,
    );
  }
  const forward = [
    write('A', addressRecord(heloName, host.publicIpv4)),
    ...(publicIpv6 === undefined ? [] : [write('AAAA', ipv6AddressRecord(heloName, publicIpv6))]),
  ];
  const agreement = agreementOn(forward);
  const agreed = [...forward.flatMap(({ placed }) => placed.dependables), ...(agreement ? [agreement] : [])];
  const reverse: MailAddresses['reverse'][number][] = [{ family: 'IPv4', name: host.setReverseName(heloName, agreed, scope) }];
  if (publicIpv6 !== undefined && host.setIpv6ReverseName) {
    reverse.push({ family: 'IPv6', name: host.setIpv6ReverseName(heloName, agreed, scope) });
  }
  return {
    addresses: [host.publicIpv4, ...(publicIpv6 === undefined ? [] : [publicIpv6])],
    forward,
    reverse,
    dependables: [...agreed, ...reverse.flatMap(({ name }) => name.dependables)],
  };
}
