import type { TerraformStack } from 'cdktf';
import { Ec2Host, ExistingHost, MailServer, type MailServerProps, Route53Dns } from '../../lib';
import { fixedPublicKey } from './keys';

/** A mail server on a machine that is there, in one zone. */
export function existingMailServer(stack: TerraformStack, props: Partial<MailServerProps> = {}): MailServer {
  return new MailServer(stack, 'mail', {
    heloName: 'mail.example.com',
    host: new ExistingHost(stack, 'host', { publicIpv4: '198.51.100.25' }),
    dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': { zoneId: 'Z1' } } }),
    domains: { 'example.com': { deliverTo: 'webapp' } },
    serviceUsers: ['webapp'],
    ...props,
  });
}

/** A mail server on EC2 with everything at its default. */
export function ec2MailServer(stack: TerraformStack, props: Partial<MailServerProps> = {}): MailServer {
  return new MailServer(stack, 'mail', {
    heloName: 'mail.example.com',
    host: new Ec2Host(stack, 'host', { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] }),
    dns: new Route53Dns(stack, 'dns', { zones: { 'example.com': 'create' } }),
    domains: { 'example.com': { deliverTo: 'webapp' } },
    serviceUsers: ['webapp'],
    ...props,
  });
}
