import type { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { TerraformVariable } from 'cdktf';
import { Ec2Host, Ec2Network, ExistingHost, MailServer, Route53Dns } from '../../lib';
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
    new MailServer(stack, 'mail5', { heloName: 'mx5.example.org', host: six, dns, domains: { 'example.net': {} } });
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
  let answer = '';
  beforeAll(async () => {
    made = await project((stack) => {
      const host = new Ec2Host(stack, 'host', {
        sshPublicKey: fixedPublicKey,
        adminCidrs: ['198.51.100.1/32'],
        network: Ec2Network.defaultVpc(),
        protect: false,
      });
      const zoneName = new TerraformVariable(stack, 'zone_name', { type: 'string', default: 'example.com' });
      const zone = new Route53Zone(stack, 'zone', { name: zoneName.stringValue });
      const dns = new Route53Dns(stack, 'dns', { zones: { 'example.com': zone } });
      const mail = new MailServer(stack, 'mail', { heloName: 'mail.example.com', host, dns, domains: { 'example.com': {} } });
      role = `mailserver_role.${mail.role.friendlyUniqueId}`;
      answer = `data.aws_eip.${(host.address.node.findChild('PtrAnswer') as DataAwsEip).friendlyUniqueId}`;
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

  const run = (name: string, command: string, ptr: string, expectation: string) => `
    run "${name}" {
      command = ${command}
      override_data {
        target = ${answer}
        values = { ptr_record = ${ptr} }
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
        run('same_but_for_case', 'apply', '"Mail.Example.com."', accepted),
        run('missing', 'plan', 'null', `expect_failures = [${role}]`),
        run('told', 'plan', '"other.example.com."', ''),
      ].join('\n'),
    );
    expect(text).toContain('2 passed, 1 failed');
    expect(ok).toBe(false);
    expect(words(text)).toContain(
      "the reverse name (PTR) of 198.51.100.25 is 'other.example.com.', the HELO name is 'mail.example.com.': " +
        'they must be exactly the same. Somebody changed it outside of this stack; set it again with: ' +
        'terraform apply -replace=aws_eip_domain_name.host_Address_Ptr_',
    );
    const elsewhere = made.test(
      [mocks, run('told', 'plan', '"mail.example.com."', 'variables { zone_name = "xample.com." }')].join('\n'),
    );
    expect(words(elsewhere.text)).toContain("record 'mail.example.com' does not belong in the zone 'xample.com'");
  });
});
