import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { type DnsRecordSet, reverseName } from '../../dns';
import { sshCommand } from '../../host/ssh-command';
import { readableOutput } from '../synth/outputs';
import type { ChainRow, DnsChain } from './dns-chain';

import type { PlacedRecord } from './place-domain-records';
import type { PlacedServer } from './place-server';
import type { PublicDns } from './public-dns';
import { type MailExchangerOfStack, verifyValue } from './verify-output';

type ChainOfHost = Omit<DnsChain, 'mailExchangers' | 'foreignMailExchangers'>;

/** The part of the chain that is of one host: its names and its keys. */
export function chainOf({ plan, names, role, keys }: PlacedServer, publicDns?: PublicDns): ChainOfHost {
  const { host, heloName } = plan;
  return {
    heloName,
    forward: names.forward.map(({ type, placed }) => ({ type, record: placed })),
    ipv6Absence: host.publicIpv6 === undefined ? host.ipv6Absence : undefined,
    reverse: names.reverse,
    announced: Fn.try([Fn.trimspace(role.file('/etc/postfix/myhostname')), 'not looked at']),
    keys: keys.map(({ record, placed }) => ({ name: record.name, record: placed })),
    live: publicDns?.live,
  };
}

/** The chain as an output, in the order of R10. */
export function chainOutput(scope: Construct, rows: Readonly<Record<string, ChainRow>>): void {
  readableOutput(scope, 'dns_chain', {
    description: 'The DNS chain in the order in which it is made: what is expected, what the world sees, and the verdict',
    value: rows,
  });
}

export function recordsToSetOutput(scope: Construct, records: readonly DnsRecordSet[]): void {
  if (records.length === 0) return;
  readableOutput(scope, 'records_to_set', {
    description: 'Records that are yours to set; "mailserver zone" prints them as a zone file or a table',
    value: records,
  });
}

/** How people reach a host, and how they know that it is the right one. */
export function hostOutputs({ scope, plan: { host }, role }: PlacedServer): void {
  readableOutput(scope, 'address', { description: 'The address that the world sees', value: host.publicIpv4 });
  readableOutput(scope, 'host_key', {
    description: 'Fingerprint of the host key, as ssh shows it at first contact',
    value: role.hostKey,
  });
  if (host.hostKeyCheck !== undefined) {
    readableOutput(scope, 'host_key_check', {
      description: 'A command that shows the host key by another way, to compare it after the first contact',
      value: host.hostKeyCheck,
    });
  }
  readableOutput(scope, 'ssh', { description: 'How to log in', value: sshCommand(host.connection) });
}

/** @param exchangers all hosts of the domains, where there are several */
export function verifyOutput({ scope, plan, names, role }: PlacedServer, exchangers: readonly MailExchangerOfStack[] = []): void {
  const domains = [...plan.mailDomains, ...plan.foreignDomains];
  readableOutput(scope, 'verify', {
    description: 'What "mailserver verify" looks at',
    value: verifyValue({
      heloName: plan.heloName,
      addresses: names.addresses,
      domains,
      exchangers,
      withSubdomains: plan.domainsWithSubdomains,
      withKnownRecipients: plan.domainsWithKnownRecipients,
      smartHosts: plan.smartHosts,
      dkim: Object.fromEntries(plan.selectors.map((selector) => [selector, role.dkimRecord(selector)])),
      withoutDkim: domains.filter((domain) => plan.policyOf(domain).dkim === false),
      connection: plan.host.connection,
      hostKey: role.hostKey,
    }),
  });
}

/** What nothing in the graph writes, of a host and the records that were placed with it. */
export function unmanaged({ plan: { host }, names }: PlacedServer, placed: readonly PlacedRecord[]): readonly DnsRecordSet[] {
  const own = [...names.forward, ...placed].filter((each) => !each.placed.managed).map(({ record }) => record);
  const pointers = names.reverse
    .filter(({ name }) => !name.managed)
    .map(({ family, name }): DnsRecordSet => {
      const address = family === 'IPv4' ? host.publicIpv4 : (host.publicIpv6 ?? '');
      return { name: Token.isUnresolved(address) ? address : reverseName(address), type: 'PTR', values: [name.expected] };
    });
  return [...own, ...pointers].map(recordSet);
}

export const recordSet = ({ name, type, values }: DnsRecordSet): DnsRecordSet => ({ name, type, values });
