import { TerraformElement } from 'cdktf';
import type { IConstruct } from 'constructs';
import { Ec2Host, Ec2Network, ExistingHost, MailServer, Route53Dns } from '../../../lib';
import { fixedPublicKey } from '../../support/keys';
import { newStack } from '../../support/synth';

/** Path and Terraform address of everything in a tree: what a rename would destroy and make anew. */
function addresses(root: IConstruct): string[] {
  return root.node
    .findAll()
    .filter((construct) => TerraformElement.isTerraformElement(construct))
    .map((element) => `${element.node.path}: ${element.friendlyUniqueId}`)
    .sort();
}

const key = { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] };

test('ids and addresses of a mail server on EC2 are a contract: changing them would replace what is running', () => {
  const stack = newStack((scope) => {
    new MailServer(scope, 'mail', {
      heloName: 'mail.example.com',
      host: new Ec2Host(scope, 'host', key),
      dns: new Route53Dns(scope, 'dns', { zones: { 'example.com': 'create', 'example.org': 'lookup' } }),
      domains: { 'example.com': {}, 'example.org': {} },
    });
  });
  expect(addresses(stack)).toMatchSnapshot();
});

test('so are those of a host in the default VPC with an address that is there already', () => {
  const stack = newStack((scope) => {
    const host = new Ec2Host(scope, 'host', {
      ...key,
      network: Ec2Network.defaultVpc(),
      elasticIpAllocationId: 'eipalloc-0123456789abcdef0',
      stateVolume: false,
    });
    host.setReverseName('mail.example.com', []);
  });
  expect(addresses(stack)).toMatchSnapshot();
});

test('and those of a mail server on a machine that is there', () => {
  const stack = newStack((scope) => {
    const zone = { zoneId: 'Z1' };
    new MailServer(scope, 'mail', {
      heloName: 'mail.example.com',
      host: new ExistingHost(scope, 'host', {
        publicIpv4: '198.51.100.25',
        reverseDns: new Route53Dns(scope, 'reverse', { zones: { '100.51.198.in-addr.arpa': zone } }),
      }),
      dns: new Route53Dns(scope, 'dns', { zones: { 'example.com': zone } }),
      domains: { 'example.com': {} },
    });
  });
  expect(addresses(stack)).toMatchSnapshot();
});
