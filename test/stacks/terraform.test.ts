import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { TerraformVariable } from 'cdktf';
import { Ec2Host, Ec2Network, ExistingHost, MailServer, MailserverReverseName, Route53Dns } from '../../lib';
import { fixedPublicKey } from '../support/keys';
import { ec2MailServer } from '../support/mail-stack';
import { newStack } from '../support/synth';
import { TerraformProject } from '../support/terraform';

/** Runs of real Terraform take seconds, on a busy machine more. */
jest.setTimeout(120_000);

const projects: TerraformProject[] = [];
async function project(build: Parameters<typeof newStack>[0]): Promise<TerraformProject> {
  const made = await TerraformProject.init(newStack(build));
  projects.push(made);
  return made;
}
afterAll(() => {
  for (const made of projects) made.dispose();
});

/** Terraform's words without the frame and the line breaks of a terminal. */
const words = (text: string) => text.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ');

test('Terraform accepts every way to build a mail server, and would refuse what is in no schema', async () => {
  const made = await project((stack) => {
    ec2MailServer(stack);
    const key = { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] };
    const zone = new Route53Zone(stack, 'zone', { name: 'example.org' });
    const dns = new Route53Dns(stack, 'dns2', { zones: { 'example.org': zone, 'example.net': 'lookup' } });
    const allocated = new Ec2Host(stack, 'host2', {
      ...key,
      network: Ec2Network.defaultVpc(),
      elasticIpAllocationId: 'eipalloc-0123456789abcdef0',
      stateVolume: false,
    });
    new MailServer(stack, 'mail2', { heloName: 'mx.example.org', host: allocated, dns, domains: { 'example.net': {} } });
    const there = new ExistingHost(stack, 'host3', {
      publicIpv4: '198.51.100.26',
      connection: { bastion: { host: '10.0.0.1' } },
    });
    new MailServer(stack, 'mail3', {
      heloName: 'mx3.example.org',
      host: there,
      dns,
      relayDomains: ['example.org'],
      externalNetworks: ['10.0.0.0/8'],
    });
    const zones = { '0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa': 'create' } as const;
    const six = new Ec2Host(stack, 'host5', {
      ...key,
      network: Ec2Network.newVpc({ ipv6CidrBlock: '2001:db8:25::/56', ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' }),
      publicIpv6: '2001:db8:25::25',
      reverseDns: new Route53Dns(stack, 'reverse', { zones }),
    });
    new MailServer(stack, 'mail5', { heloName: 'mx5.example.org', host: six, dns, domains: { 'five.example.net': {} } });
    new Ec2Host(stack, 'host4', {
      ...key,
      network: Ec2Network.subnetId('subnet-0123456789abcdef0'),
      instanceType: 't4g.small',
    });
  });
  expect(made.validate()).toEqual({ ok: true, text: expect.stringContaining('Success! The configuration is valid.') });
  made.edit('"helo_name"', '"greylist": true, "helo_name"');
  expect(made.validate()).toEqual({ ok: false, text: expect.stringContaining('No argument or block type is named "greylist"') });
});

describe('what only the plan knows', () => {
  let made: TerraformProject;
  let role = '';
  beforeAll(async () => {
    made = await project((stack) => {
      const host = new Ec2Host(stack, 'host', {
        sshPublicKey: fixedPublicKey,
        adminCidrs: ['198.51.100.1/32'],
        network: Ec2Network.defaultVpc(),
        protect: false,
      });
      // As of a cloud whose reverse names are set elsewhere, and read.
      const answer = new TerraformVariable(stack, 'answer', { type: 'string', nullable: true });
      const setReverseName = host.setReverseName.bind(host);
      host.setReverseName = (name, after) => ({ ...setReverseName(name, after), actual: answer.stringValue });
      const zoneName = new TerraformVariable(stack, 'zone_name', { type: 'string', default: 'example.com' });
      const zone = new Route53Zone(stack, 'zone', { name: zoneName.stringValue });
      const dns = new Route53Dns(stack, 'dns', { zones: { 'example.com': zone } });
      const mail = new MailServer(stack, 'mail', { heloName: 'mail.example.com', host, dns, domains: { 'example.com': {} } });
      role = `mailserver_role.${mail.role.friendlyUniqueId}`;
    });
  });

  const mocks = `
    mock_provider "aws" {
      mock_data "aws_ec2_instance_type_offerings" {
        defaults = { locations = ["us-west-2b", "us-west-2-lax-1a", "us-west-2a"] }
      }
      mock_resource "aws_eip" {
        defaults = { public_ip = "198.51.100.25" }
      }
      mock_resource "aws_instance" {
        defaults = { private_ip = "172.31.0.4" }
      }
      mock_resource "aws_ebs_volume" {
        defaults = { id = "vol-0123456789abcdef0" }
      }
    }
    mock_provider "mailserver" {
      mock_data "mailserver_dns" {
        defaults = {
          agreed   = true
          problems = []
        }
      }
    }`;

  const run = (name: string, command: string, variables: string, expectation = '') => `
    run "${name}" {
      command = ${command}
      variables {
        ${variables}
      }
      ${expectation}
    }`;

  const accepted = `
      assert {
        condition     = output.mail_dns_chain["1. A    mail.example.com"].expected == "198.51.100.25"
        error_message = "the A record has another address"
      }
      assert {
        condition     = data.aws_subnet.host_Network_DC553233.availability_zone == "us-west-2a"
        error_message = "the subnet is not in the first regular zone"
      }`;

  test('the reverse name must be exactly the HELO name, the zone that of the name; else nothing is done and both are said', () => {
    const { ok, text } = made.test(
      [
        mocks,
        run('same_but_for_case', 'apply', 'answer = "Mail.Example.com."', accepted),
        run('missing', 'plan', 'answer = null', `expect_failures = [${role}]`),
        run('told', 'plan', 'answer = "other.example.com."'),
      ].join('\n'),
    );
    expect(text).toContain('2 passed, 1 failed');
    expect(ok).toBe(false);
    expect(words(text)).toContain(
      "the reverse name (PTR) of 198.51.100.25 is 'other.example.com.', the HELO name is 'mail.example.com.': " +
        'they must be exactly the same. Somebody changed it outside of this stack; set it again with: ' +
        'terraform apply -replace=mailserver_reverse_name.host_Address_Ptr_',
    );
    const elsewhere = made.test(
      [mocks, run('told', 'plan', 'answer = "mail.example.com."\n zone_name = "xample.com."')].join('\n'),
    );
    expect(words(elsewhere.text)).toContain("record 'mail.example.com' does not belong in the zone 'xample.com'");
  });
});

test('the reverse name of a stack from before is taken over by its resource of today, and neither set nor reset', async () => {
  const made = await project((stack) => {
    const settings = { allocationId: 'eipalloc-1', address: '198.51.100.25', name: 'mail.example.com' };
    new MailserverReverseName(stack, 'ptr', settings).moveFromId('aws_eip_domain_name.ptr');
  });
  const attributes = {
    allocation_id: 'eipalloc-1',
    domain_name: 'mail.example.com.',
    id: 'eipalloc-1',
    ptr_record: 'mail.example.com.',
  };
  const { text } = made.plan([
    {
      mode: 'managed',
      type: 'aws_eip_domain_name',
      name: 'ptr',
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ schema_version: 0, attributes: { ...attributes, timeouts: null } }],
    },
  ]);
  expect(words(text)).toContain('# mailserver_reverse_name.ptr will be updated in-place # (moved from aws_eip_domain_name.ptr)');
  expect(text).not.toMatch(/[-+~] name /);
  expect(text).toContain('Plan: 0 to add, 1 to change, 0 to destroy.');
});
