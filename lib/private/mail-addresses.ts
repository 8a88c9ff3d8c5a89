import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { addressRecord, type DnsRecordSet, ipv6AddressRecord } from '../dns';
import type { IMailDns } from '../mail-dns';
import type { IMailHost, ReverseName } from '../mail-host';
import type { PlacedRecord } from './place-domain-records';

/** The addresses of a host with their records in both directions, forward first (R10). */
export interface MailAddresses {
  readonly addresses: string[];
  readonly forward: readonly (PlacedRecord & { readonly type: 'A' | 'AAAA' })[];
  readonly reverse: readonly { readonly family: 'IPv4' | 'IPv6'; readonly name: ReverseName }[];
  readonly dependables: readonly ITerraformDependable[];
}

/** Writes A, and AAAA where the address can have a reverse name, and then the reverse names. A former name goes last. */
export function placeAddresses(scope: Construct, heloName: string, dns: IMailDns, host: IMailHost): MailAddresses {
  const write = (type: 'A' | 'AAAA', record: DnsRecordSet) => {
    const placed = dns.addRecord(scope, type, { ...record, createBeforeDestroy: true });
    return { type, record, placed };
  };
  const { publicIpv6 } = host;
  const ipv4 = write('A', addressRecord(heloName, host.publicIpv4));
  const reverse = [{ family: 'IPv4' as 'IPv4' | 'IPv6', name: host.setReverseName(heloName, ipv4.placed.dependables) }];
  const forward = [ipv4];
  if (publicIpv6 !== undefined) {
    if (!host.setIpv6ReverseName) {
      throw new Error(
        `a host with publicIpv6 needs setIpv6ReverseName: ${publicIpv6} must have a reverse name (at ${scope.node.path})`,
      );
    }
    const ipv6 = write('AAAA', ipv6AddressRecord(heloName, publicIpv6));
    forward.push(ipv6);
    reverse.push({ family: 'IPv6', name: host.setIpv6ReverseName(heloName, ipv6.placed.dependables) });
  }
  return {
    addresses: [host.publicIpv4, ...(publicIpv6 === undefined ? [] : [publicIpv6])],
    forward,
    reverse,
    dependables: [...forward.flatMap(({ placed }) => placed.dependables), ...reverse.flatMap(({ name }) => name.dependables)],
  };
}
