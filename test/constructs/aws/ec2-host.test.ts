import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { App, TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import { Ec2Host, type Ec2HostProps, Ec2Network, MailServer, Route53Dns } from '../../../lib';
import { ed25519PrivateKey, fixedPublicKey } from '../../support/keys';
import { all, newStack, only, refusal, synthesise } from '../../support/synth';

const basics: Ec2HostProps = { sshPublicKey: fixedPublicKey, adminCidrs: ['198.51.100.1/32'] };
const host = (props: Partial<Ec2HostProps> = {}) =>
  synthesise((stack) => void new Ec2Host(stack, 'host', { ...basics, ...props }));
const refused = (props: Partial<Ec2HostProps>) => refusal((stack) => void new Ec2Host(stack, 'host', { ...basics, ...props }));

describe('the instance', () => {
  test('requires session tokens for its metadata and encrypts its root disk', () => {
    expect(only(host().resource, 'aws_instance')).toMatchObject({
      instance_type: 'c7i-flex.large',
      metadata_options: { http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, volume_type: 'gp3', volume_size: 16 },
    });
  });

  test('has no user data, which could be a reason to replace it', () => {
    const instance = only(host().resource, 'aws_instance');
    expect(instance).not.toHaveProperty('user_data');
    expect(instance).not.toHaveProperty('user_data_replace_on_change');
  });

  test('runs the newest official Debian 13 of its architecture, and keeps it when there is a newer one', () => {
    for (const [instanceType, architecture] of [
      ['t3.small', 'amd64'],
      ['t4g.small', 'arm64'],
    ] as const) {
      const { data, resource } = host({ instanceType });
      expect(only(data, 'aws_ami')).toMatchObject({
        include_deprecated: true,
        owners: ['136693071363'],
        most_recent: true,
        filter: expect.arrayContaining([{ name: 'name', values: [`debian-13-${architecture}-*`] }]),
      });
      expect(only(resource, 'aws_instance')).toMatchObject({ lifecycle: { ignore_changes: ['key_name', 'ami'] } });
    }
  });

  test('runs a given image, and another one when that is given', () => {
    const { data, resource } = host({ ami: 'ami-0123456789abcdef0' });
    expect(all(data, 'aws_ami')).toEqual([]);
    expect(only(resource, 'aws_instance')).toMatchObject({ ami: 'ami-0123456789abcdef0' });
    expect(only(resource, 'aws_instance')).toMatchObject({ lifecycle: { ignore_changes: ['key_name'] } });
  });

  test('takes an instance type from a variable when the architecture is said', () => {
    const { data } = synthesise((stack) => {
      const type = new TerraformVariable(stack, 'type', { type: 'string' });
      new Ec2Host(stack, 'host', { ...basics, instanceType: type.stringValue, architecture: 'arm64' });
    });
    expect(JSON.stringify(only(data, 'aws_ami'))).toContain('debian-13-arm64-*');
  });

  test('fails on an instance type whose architecture cannot be found out', () => {
    expect(refused({ instanceType: 'medium' })).toBe(
      "instanceType: 'medium' is not an instance type: expected family.size, e.g. c7i-flex.large (at test/host)",
    );
    const message = refusal((stack) => {
      const type = new TerraformVariable(stack, 'type', { type: 'string' });
      new Ec2Host(stack, 'host', { ...basics, instanceType: type.stringValue });
    });
    expect(message).toContain('instanceType is only known after apply; set architecture');
  });
});

describe('what a property says', () => {
  test.each<[string, Partial<Ec2HostProps>, object]>([
    ['nothing: credits as AWS has them', {}, { credit_specification: undefined, iam_instance_profile: undefined }],
    [
      'standard credits',
      { instanceType: 't3.medium', cpuCredits: 'standard' },
      { credit_specification: { cpu_credits: 'standard' } },
    ],
    [
      'unlimited credits',
      { instanceType: 't4g.medium', cpuCredits: 'unlimited' },
      { credit_specification: { cpu_credits: 'unlimited' } },
    ],
    ['an instance profile', { instanceProfile: 'mail-host' }, { iam_instance_profile: 'mail-host' }],
    [
      'further security groups',
      { securityGroupIds: ['sg-0123456789abcdef0'] },
      { vpc_security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\./), 'sg-0123456789abcdef0'] },
    ],
  ])('reaches the instance: %s', (_title, props, expected) => {
    expect({
      credit_specification: undefined,
      iam_instance_profile: undefined,
      ...only(host(props).resource, 'aws_instance'),
    }).toMatchObject(expected);
  });

  test.each<[string, Ec2Network | undefined, object]>([
    ['its own VPC', undefined, { resource: 'aws_subnet' }],
    ['its own VPC, said', Ec2Network.newVpc({ cidrBlock: '10.9.0.0/24' }), { resource: 'aws_subnet' }],
    ['the default VPC', Ec2Network.defaultVpc(), { data: 'aws_subnet' }],
  ])('the zone is that of %s', (_title, network, where) => {
    const made = host({ availabilityZone: 'eu-central-1b', network });
    const subnets = all('data' in where ? made.data : made.resource, 'aws_subnet');
    expect(subnets).toEqual([expect.objectContaining({ availability_zone: 'eu-central-1b' })]);
    expect(made.data).not.toHaveProperty('aws_ec2_instance_type_offerings');
  });

  test('an instance profile closes the metadata service to everybody on the host but root', () => {
    const role = (props: Partial<Ec2HostProps>) => {
      const { resource } = synthesise((stack) => {
        const host = new Ec2Host(stack, 'host', { ...basics, ...props });
        const dns = new Route53Dns(stack, 'dns', { zones: { 'example.com': { zoneId: 'Z1' } } });
        new MailServer(stack, 'mail', { heloName: 'mail.example.com', host, dns, domains: { 'example.com': {} } });
      });
      return only(resource, 'mailserver_role');
    };
    expect(role({ instanceProfile: 'mail-host' })).toMatchObject({ metadata_root_only: true });
    expect(role({})).not.toHaveProperty('metadata_root_only');
  });
});

describe('the partition of AWS', () => {
  const inRegion = (region: string | undefined) => {
    const stack = newStack((each) => {
      const provider = new AwsProvider(each, 'there', { alias: 'there', region });
      new Ec2Host(each, 'host', { ...basics, provider });
    });
    const { resource, data = {} } = JSON.parse(Testing.synth(stack));
    return { instance: only(resource, 'aws_instance'), data };
  };

  test('is not asked for where the program names a commercial region', () => {
    const { instance, data } = inRegion('me-central-1');
    expect(data).not.toHaveProperty('aws_partition');
    expect(instance).not.toHaveProperty('lifecycle.precondition');
  });

  test('is checked by the plan where the region comes from the environment', () => {
    expect(inRegion(undefined).instance).toMatchObject({
      lifecycle: {
        precondition: [
          {
            condition: expect.stringMatching(/data\.aws_partition\.\S+\.partition == "aws"/),
            error_message: expect.stringContaining('by AWS Support only'),
          },
        ],
      },
    });
  });

  test('is that of the provider of the stack, unless the host is given another', () => {
    const stacked = (region: string) => () => {
      const stack = new TerraformStack(new App({ stackTraces: false }), 'test');
      new AwsProvider(stack, 'aws', { region });
      new Ec2Host(stack, 'host', basics);
    };
    expect(stacked('us-gov-east-1')).toThrow("region 'us-gov-east-1' is GovCloud");
    expect(stacked('eu-north-1')).not.toThrow();
  });
});

describe('the key', () => {
  test('fails on a private key and does not repeat it', () => {
    const message = refused({ sshPublicKey: ed25519PrivateKey });
    expect(message).toContain('sshPublicKey: it is a private key, which must stay where it is');
    expect(message).not.toContain(ed25519PrivateKey.split('\n')[1]);
  });

  test('fails on the text of a private key where its path belongs, and does not repeat it', () => {
    const message = refused({ connection: { privateKeyPath: ed25519PrivateKey } });
    expect(message).toContain('connection.privateKeyPath holds the text of a key');
    expect(message).not.toContain(ed25519PrivateKey.split('\n')[1]);
  });

  test('fails on a port that is none', () => {
    expect(refused({ connection: { port: 70000 } })).toMatch(
      /^connection\.port: '70000' is out of range: expected 1 to 65535 \(at test\/host\)$/,
    );
  });
});

describe('the firewall', () => {
  const rules = (props: Partial<Ec2HostProps> = {}) =>
    all(host(props).resource, 'aws_vpc_security_group_ingress_rule').map((rule) => `${rule.from_port} ${rule.cidr_ipv4}`);

  test('opens SMTP and submission to everybody and SSH to administrators, each as a rule of its own', () => {
    expect(rules({ adminCidrs: ['198.51.100.1/32', '10.1.0.0/16'] }).sort()).toEqual([
      '22 10.1.0.0/16',
      '22 198.51.100.1/32',
      '25 0.0.0.0/0',
      '3 0.0.0.0/0',
      '465 0.0.0.0/0',
      '587 0.0.0.0/0',
    ]);
    expect(only(host().resource, 'aws_security_group')).not.toHaveProperty('ingress');
  });

  test('opens SSH to everybody only when that is said twice', () => {
    expect(refused({ adminCidrs: ['0.0.0.0/0'] })).toContain("adminCidrs.0: '0.0.0.0/0' opens SSH to the whole Internet");
    expect(rules({ adminCidrs: ['0.0.0.0/0'], openSshToWorld: true })).toContain('22 0.0.0.0/0');
  });

  test('fails without a network to administer from', () => {
    expect(refused({ adminCidrs: [] })).toContain('adminCidrs: the list is empty');
  });

  test('fails on a network with host bits and proposes the right one', () => {
    expect(refused({ adminCidrs: ['198.51.100.7/24'] })).toContain('write 198.51.100.0/24');
  });

  test('takes a network that only Terraform knows', () => {
    const { resource } = synthesise((stack) => {
      const cidr = new TerraformVariable(stack, 'office', { type: 'string' });
      new Ec2Host(stack, 'host', { ...basics, adminCidrs: [cidr.stringValue] });
    });
    expect(all(resource, 'aws_vpc_security_group_ingress_rule')).toContainEqual(
      expect.objectContaining({ cidr_ipv4: '${var.office}' }),
    );
  });
});

describe('the network', () => {
  test('is a VPC of its own unless said otherwise, with one public subnet', () => {
    const { resource } = host();
    expect(only(resource, 'aws_vpc')).toMatchObject({ cidr_block: '10.25.0.0/24' });
    expect(only(resource, 'aws_subnet')).toMatchObject({ lifecycle: { ignore_changes: ['availability_zone'] } });
    expect(only(resource, 'aws_route')).toMatchObject({ destination_cidr_block: '0.0.0.0/0' });
  });

  test('can be the default VPC, in a zone that has the instance type, and a later answer moves nothing', () => {
    const { resource, data } = host({ network: Ec2Network.defaultVpc(), ami: 'ami-0123456789abcdef0' });
    expect(resource).not.toHaveProperty('aws_vpc');
    expect(only(data, 'aws_ec2_instance_type_offerings')).toMatchObject({
      filter: [{ name: 'instance-type', values: ['c7i-flex.large'] }],
    });
    expect(only(data, 'aws_subnet')).toMatchObject({ default_for_az: true });
    expect(only(resource, 'aws_instance')).toMatchObject({ lifecycle: { ignore_changes: ['key_name', 'subnet_id'] } });
    expect(only(resource, 'aws_ebs_volume')).toMatchObject({ lifecycle: { ignore_changes: ['availability_zone'] } });
  });

  test('can be in a zone that is said', () => {
    const { data } = host({ network: Ec2Network.defaultVpc({ availabilityZone: 'eu-central-1b' }) });
    expect(only(data, 'aws_subnet')).toMatchObject({ availability_zone: 'eu-central-1b' });
    expect(data).not.toHaveProperty('aws_ec2_instance_type_offerings');
  });

  test('can be a subnet of the stack', () => {
    const { resource } = synthesise((stack) => {
      const subnet = new Subnet(stack, 'mine', { vpcId: 'vpc-1', cidrBlock: '10.9.0.0/24' });
      new Ec2Host(stack, 'host', { ...basics, network: Ec2Network.subnet(subnet) });
    });
    expect(only(resource, 'aws_instance')).toMatchObject({ subnet_id: '${aws_subnet.mine.id}' });
    expect(only(resource, 'aws_security_group')).toMatchObject({ vpc_id: '${aws_subnet.mine.vpc_id}' });
    expect(only(resource, 'aws_ebs_volume')).toMatchObject({ availability_zone: '${aws_subnet.mine.availability_zone}' });
  });

  test('can be a subnet that is there already', () => {
    const { data } = host({ network: Ec2Network.subnetId('subnet-0123456789abcdef0') });
    expect(only(data, 'aws_subnet')).toEqual({ id: 'subnet-0123456789abcdef0' });
  });

  test('fails on a network that EC2 would refuse', () => {
    expect(refused({ network: Ec2Network.newVpc({ cidrBlock: '10.25.0.0/30' }) })).toContain('EC2 takes prefix lengths 16 to 28');
    expect(refused({ network: Ec2Network.newVpc({ cidrBlock: '10.25.0.1/24' }) })).toContain('write 10.25.0.0/24');
  });
});

describe('an IPv6 address of your own prefix', () => {
  const zone = '0.0.5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa';
  const own = (props: Partial<Ec2HostProps> = {}) =>
    synthesise((stack) => {
      const dns = new Route53Dns(stack, 'dns', { zones: { 'example.com': { zoneId: 'Z1' } } });
      const reverseDns = new Route53Dns(stack, 'reverse', { zones: { [zone]: { zoneId: 'Z6' } } });
      const host = new Ec2Host(stack, 'host', { ...basics, publicIpv6: '2001:DB8:25:0::25', reverseDns, ...props });
      new MailServer(stack, 'mail', { heloName: 'mail.example.com', host, dns, domains: { 'example.com': {} } });
    });
  const ipv6 = { ipv6CidrBlock: '2001:db8:25::/56', ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' };
  const { resource, output } = own({ network: Ec2Network.newVpc(ipv6) });
  const record = (type: string) => all(resource, 'aws_route53_record').find((each) => each.type === type);

  test("is the instance's, in the spelling of AWS", () => {
    expect(only(resource, 'aws_instance')).toMatchObject({ ipv6_addresses: ['2001:db8:25::25'] });
  });

  test('has AAAA and PTR, and mail is sent from it', () => {
    expect(record('AAAA')).toMatchObject({ name: 'mail.example.com', records: ['2001:db8:25::25'] });
    expect(record('PTR')).toMatchObject({
      zone_id: 'Z6',
      name: expect.stringMatching(/^5\.2\.0\.0\..*ip6\.arpa$/),
      records: ['mail.example.com.'],
      depends_on: expect.arrayContaining([
        expect.stringMatching(/^aws_route53_record\.mail_AAAA_/),
        expect.stringMatching(/^mailserver_dns_agreement\.mail_Forward_/),
      ]),
    });
    expect(only(resource, 'mailserver_role')).toMatchObject({ bind_ipv6: '2001:db8:25::25' });
    expect(output.mail_dns_chain?.value).toMatchObject({
      '1. AAAA mail.example.com': { expected: expect.stringContaining('aws_route53_record.mail_AAAA_') },
    });
  });

  test('is reached for mail, and for nothing else', () => {
    const rules = all(resource, 'aws_vpc_security_group_ingress_rule').filter(({ cidr_ipv6 }) => cidr_ipv6);
    expect(rules.map(({ ip_protocol, from_port }) => `${ip_protocol} ${from_port}`).sort()).toEqual([
      'icmpv6 -1',
      'tcp 25',
      'tcp 465',
      'tcp 587',
    ]);
    expect(all(resource, 'aws_vpc_security_group_egress_rule').map(({ cidr_ipv6 }) => cidr_ipv6)).toContain('::/0');
  });

  test('is out of the prefix that the VPC of its own is given', () => {
    expect(only(resource, 'aws_vpc_ipv6_cidr_block_association')).toMatchObject({
      ipv6_cidr_block: '2001:db8:25::/56',
      ipv6_pool: 'ipv6pool-ec2-0123456789abcdef0',
    });
    expect(only(resource, 'aws_subnet')).toMatchObject({ ipv6_cidr_block: '2001:db8:25::/64' });
    expect(all(resource, 'aws_route').map((route) => route.destination_ipv6_cidr_block)).toContain('::/0');
  });

  test('may lie in a subnet that is there', () => {
    const there = own({ network: Ec2Network.subnetId('subnet-0123456789abcdef0') });
    expect(there.resource).not.toHaveProperty('aws_vpc_ipv6_cidr_block_association');
    expect(only(there.resource, 'aws_instance')).toMatchObject({ ipv6_addresses: ['2001:db8:25::25'] });
  });
});

describe('address and state', () => {
  test('are protected unless said otherwise, and a deleted volume leaves a snapshot', () => {
    const { resource } = host();
    expect(only(resource, 'aws_eip')).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(only(resource, 'aws_ebs_volume')).toMatchObject({
      encrypted: true,
      final_snapshot: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('the instance is ended by no slip in the console, and by no plan where it holds the state itself', () => {
    const instance = (props: Partial<Ec2HostProps>) => only(host(props).resource, 'aws_instance');
    expect(instance({})).toMatchObject({ disable_api_termination: true });
    expect(instance({}).lifecycle).not.toHaveProperty('prevent_destroy');
    expect(instance({ stateVolume: false })).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(instance({ stateVolume: false, protect: false }).lifecycle).not.toHaveProperty('prevent_destroy');
  });

  test('can be given up in a trial', () => {
    const { resource } = host({ protect: false });
    expect(only(resource, 'aws_eip')).not.toHaveProperty('lifecycle');
    expect(only(resource, 'aws_ebs_volume')).toMatchObject({ final_snapshot: false });
    expect(only(resource, 'aws_instance')).not.toHaveProperty('disable_api_termination');
  });

  test('the instance is stopped before its volume is pulled out, and that before its address is taken away', () => {
    const { resource } = host();
    const [association] = Object.keys(resource.aws_eip_association ?? {});
    expect(only(resource, 'aws_volume_attachment')).toMatchObject({
      stop_instance_before_detaching: true,
      depends_on: [`aws_eip_association.${association}`],
    });
  });

  test('can be an Elastic IP that is there already, and no volume at all', () => {
    const { resource, data } = host({ elasticIpAllocationId: 'eipalloc-0123456789abcdef0', stateVolume: false });
    expect(resource).not.toHaveProperty('aws_eip');
    expect(resource).not.toHaveProperty('aws_ebs_volume');
    expect(all(data, 'aws_eip')).toContainEqual({ id: 'eipalloc-0123456789abcdef0' });
    expect(only(resource, 'aws_eip_association')).toMatchObject({ allocation_id: 'eipalloc-0123456789abcdef0' });
  });

  test('gives its address away to nobody, and takes none that is in use: that is known before the instance is made', () => {
    const { resource, data } = host({ elasticIpAllocationId: 'eipalloc-0123456789abcdef0' });
    const [group] = Object.keys(resource.aws_security_group ?? {});
    const holder = all(data, 'aws_eip').find(({ depends_on }) => depends_on);
    expect(holder).toMatchObject({ id: 'eipalloc-0123456789abcdef0', depends_on: [`aws_security_group.${group}`] });
    expect(only(data, 'aws_instances')).toMatchObject({
      filter: [{ name: 'instance.group-id', values: [`\${aws_security_group.${group}.id}`] }],
    });
    expect(only(resource, 'aws_instance')).toMatchObject({
      lifecycle: { precondition: [{ error_message: expect.stringContaining('is in use by') }] },
    });
    expect(host().data).not.toHaveProperty('aws_instances');
  });

  test('the reverse name waits for the forward record, and goes to AWS without a final dot', () => {
    const { resource } = synthesise((stack) => {
      const forward = new Route53Record(stack, 'forward', { zoneId: 'Z1', name: 'mail.example.com', type: 'A' });
      new Ec2Host(stack, 'host', basics).setReverseName('mail.example.com', [forward]);
    });
    expect(only(resource, 'mailserver_reverse_name')).toMatchObject({
      name: 'mail.example.com',
      depends_on: [expect.stringMatching(/^mailserver_address\./), 'aws_route53_record.forward'],
      aws: { region: 'eu-central-1' },
    });
  });

  test('an address of the stack is released by who looked at it, and never one that was there before', () => {
    expect(only(host().resource, 'mailserver_address')).toMatchObject({
      allocation_id: expect.stringMatching(/^\$\{aws_eip\..*\.allocation_id\}$/),
      lifecycle: { prevent_destroy: true },
      remedy: expect.stringMatching(/^set protect: false, then terraform apply -replace=aws_eip\.host_Address_/),
      aws: { region: 'eu-central-1' },
    });
    const there = only(host({ elasticIpAllocationId: 'eipalloc-0123456789abcdef0' }).resource, 'mailserver_address');
    expect(there).not.toHaveProperty('allocation_id');
    expect(there).toMatchObject({ remedy: expect.stringContaining('elasticIpAllocationId') });
  });

  test('a stack from before takes its reverse name over from the AWS provider, which would reset it', () => {
    const stack = newStack((it) => void new Ec2Host(it, 'host', basics).setReverseName('mail.example.com', []));
    const { moved } = JSON.parse(Testing.synth(stack)) as { moved: { from: string; to: string }[] };
    const id = expect.stringMatching(/^mailserver_reverse_name\.host_Address_Ptr_\w+$/);
    expect(moved).toEqual([{ from: expect.stringMatching(/^aws_eip_domain_name\.host_Address_Ptr_\w+$/), to: id }]);
    expect(moved[0]?.from.split('.')[1]).toBe(moved[0]?.to.split('.')[1]);
  });

  test.each<[string, object, RegExp | object]>([
    ['keys', { accessKey: 'AKIA', secretKey: 'x' }, /^accessKey of the AWS provider would get into Terraform's state/],
    ['a token', { token: 'x' }, /^token of the AWS provider/],
    [
      "a web identity's token",
      { assumeRoleWithWebIdentity: [{ roleArn: 'arn:aws:iam::1:role/x', webIdentityToken: 'secret' }] },
      /^webIdentityToken of the AWS provider would get into Terraform's state: give the file .* AWS_WEB_IDENTITY_TOKEN_FILE/,
    ],
    [
      'roles that only Terraform knows',
      { assumeRole: Token.asAny('${var.roles}') },
      /^assumeRole .* must be a list in the program/,
    ],
    [
      'endpoints that only Terraform knows',
      { endpoints: Token.asAny('${var.e}') },
      /^endpoints .* must be a list in the program/,
    ],
    ['several files', { sharedConfigFiles: ['a', 'b'] }, /^sharedConfigFiles .* must be a list of one file/],
    ['a bundle of certificates', { customCaBundle: '/ca.pem' }, /set AWS_CA_BUNDLE/],
    ['a proxy', { httpProxy: 'http://p' }, /set HTTPS_PROXY/],
    ['a proxy for HTTPS', { httpsProxy: 'http://p' }, /set HTTPS_PROXY/],
    ['exceptions of a proxy', { noProxy: 'x' }, /set NO_PROXY/],
    ['no look at certificates', { insecure: true }, /always look at its certificates/],
    ['a metadata service', { ec2MetadataServiceEndpoint: 'http://m' }, /set AWS_EC2_METADATA_SERVICE_ENDPOINT,/],
    ['a kind of metadata service', { ec2MetadataServiceEndpointMode: 'IPv6' }, /set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE,/],
    [
      'a web identity, limits, kinds of endpoints',
      {
        assumeRoleWithWebIdentity: [{ webIdentityTokenFile: '/token', policyArns: ['arn:aws:iam::1:policy/x'], duration: '30m' }],
        assumeRole: [{ roleArn: 'arn:aws:iam::1:role/mail', policy: '{}', tags: { team: 'mail' }, transitiveTagKeys: ['team'] }],
        stsRegion: 'us-east-1',
        useFipsEndpoint: true,
        insecure: false,
      },
      {
        region: 'eu-west-1',
        web_identity: { token_file: '/token', policy_arns: ['arn:aws:iam::1:policy/x'], duration: '30m' },
        assume_role: [
          { role_arn: 'arn:aws:iam::1:role/mail', policy: '{}', tags: { team: 'mail' }, transitive_tag_keys: ['team'] },
        ],
        sts_region: 'us-east-1',
        use_fips_endpoint: true,
      },
    ],
    [
      'profile, files, endpoint and a role',
      {
        profile: 'mail',
        sharedConfigFiles: ['~/.aws/mail'],
        assumeRole: [{ roleArn: 'arn:aws:iam::1:role/mail', externalId: 'e', sessionName: 's' }],
        endpoints: [{ route53: 'https://r.test' }, { ec2: 'https://ec2.test' }],
      },
      {
        region: 'eu-west-1',
        profile: 'mail',
        shared_config_file: '~/.aws/mail',
        assume_role: [{ role_arn: 'arn:aws:iam::1:role/mail', external_id: 'e', session_name: 's' }],
        ec2_endpoint: 'https://ec2.test',
      },
    ],
  ])('the AWS provider that it is named through gives it %s', (_, given, expected) => {
    const build = () =>
      synthesise((stack) => {
        const provider = new AwsProvider(stack, 'mine', { region: 'eu-west-1', alias: 'mine', ...given });
        new Ec2Host(stack, 'host', { ...basics, provider }).setReverseName('mail.example.com', []);
      });
    if (expected instanceof RegExp) expect(build).toThrow(expected);
    else expect(only(build().resource, 'mailserver_reverse_name').aws).toEqual(expected);
  });

  /** What is the AWS provider's own affair: whom it talks to, and how it tags, retries and looks at accounts. */
  const ofNoAccount = [
    ...['alias', 'allowedAccountIds', 'forbiddenAccountIds', 'defaultTags', 'ignoreTags', 'maxRetries', 'retryMode'],
    ...['tokenBucketRateLimiterCapacity', 's3UsePathStyle', 's3UsEast1RegionalEndpoint', 'skipCredentialsValidation'],
    ...['skipMetadataApiCheck', 'skipRegionValidation', 'skipRequestingAccountId', 'tagPolicyCompliance', 'userAgent'],
  ];
  test('every property of the AWS provider is used, refused, or of no account', () => {
    const text = readFileSync(join(dirname(require.resolve('@cdktf/provider-aws/lib/provider')), 'index.d.ts'), 'utf8');
    const config = /interface AwsProviderConfig \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
    const properties = [...config.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name);
    expect(properties.length).toBeGreaterThan(30);
    const source = readFileSync(join(__dirname, '../../../lib/constructs/resources/aws-of-stack.ts'), 'utf8');
    const isKnown = (name = '') => ofNoAccount.includes(name) || new RegExp(`\\b${name}\\b`).test(source);
    expect(properties.filter((name) => !isKnown(name))).toEqual([]);
  });
});

test('says that AWS blocks port 25 and what to ask for, until that is done', () => {
  const notes = (props: Partial<Ec2HostProps>) => {
    let found: unknown[] = [];
    newStack((stack) => {
      found = new Ec2Host(stack, 'host', { ...basics, ...props }).node.metadata.map(({ data }) => data);
    });
    return found.join();
  };
  expect(notes({})).toMatch(
    /AWS blocks outgoing port 25 of every instance.*Leave the field for the reverse DNS record empty.*outboundPort25Open: true/,
  );
  expect(notes({})).toMatch(/https:\/\/console\.aws\.amazon\.com\//);
  expect(notes({ outboundPort25Open: true })).toBe('');
});

test('its resources are within reach', () => {
  const { resource } = synthesise((stack) => {
    const { instance } = new Ec2Host(stack, 'host', basics);
    expect(Instance.isTerraformResource(instance)).toBe(true);
    instance.monitoring = true;
  });
  expect(only(resource, 'aws_instance')).toMatchObject({ monitoring: true });
});
