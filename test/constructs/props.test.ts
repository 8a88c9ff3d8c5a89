import type * as z from 'zod';
import type {
  ConnectionProps,
  Ec2HostProps,
  ExistingHostProps,
  ExternalDnsProps,
  MailRoleProps,
  MailServerProps,
  Route53DnsProps,
} from '../../lib';
import type { ec2HostSettings } from '../../lib/constructs/aws/ec2-host-settings';
import type { route53Settings } from '../../lib/constructs/aws/route53-settings';
import type { externalDnsSettings } from '../../lib/constructs/dns/external-dns';
import type { existingHostSettings } from '../../lib/constructs/host/existing-host';
import type { mailServerSettings } from '../../lib/constructs/mail-server/mail-server-settings';
import type { ConnectionSettings } from '../../lib/host/connection-settings';
import type { RoleSettings } from '../../lib/role/settings';

/** Whether two interfaces have the same members of the same types; the compiler says no by refusing `true`. */
type Same<A, B> = [keyof A, Required<A>] extends [keyof B, Required<B>]
  ? [keyof B, Required<B>] extends [keyof A, Required<A>]
    ? true
    : false
  : false;

test('documented props and checked settings have the same members', () => {
  const connection: Same<ConnectionProps, ConnectionSettings> = true;
  type Own = Omit<RoleSettings, 'bindIpv4' | 'proxyAddresses' | 'stateVolume'>;
  // Those of the interface may also be tokens, and are never written to.
  const role: [keyof MailRoleProps, keyof Own] extends [keyof Own, keyof MailRoleProps]
    ? Own extends MailRoleProps
      ? true
      : false
    : false = true;
  expect([connection, role]).toEqual([true, true]);
});

/** Whether two types have members of the same names. */
type SameNames<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : false;

test('what constructs take is checked property by property', () => {
  const ec2Host: SameNames<Ec2HostProps, z.infer<typeof ec2HostSettings>> = true;
  const existingHost: SameNames<ExistingHostProps, z.infer<typeof existingHostSettings>> = true;
  const externalDns: SameNames<ExternalDnsProps, z.infer<typeof externalDnsSettings>> = true;
  const route53: SameNames<Route53DnsProps, z.infer<typeof route53Settings>> = true;
  type Own = Omit<MailServerProps, keyof MailRoleProps | 'spf' | 'dmarc' | 'domainRecords'>;
  const mailServer: SameNames<Own, z.infer<typeof mailServerSettings>> = true;
  expect([ec2Host, existingHost, externalDns, route53, mailServer]).not.toContain(false);
});
