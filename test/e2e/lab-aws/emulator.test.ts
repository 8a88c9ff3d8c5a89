import { isDeepStrictEqual } from 'node:util';
import { AwsEmulator, element } from '../support/aws-emulator';

let aws: AwsEmulator;

beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 60 });
});

afterAll(() => aws?.stop());

async function defaultGroup(): Promise<string> {
  const { text } = await aws.ec2('DescribeSecurityGroups', { 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': 'default' });
  return element(text, 'groupId');
}

describe('Elastic IPs of the AWS emulator', () => {
  it('come from the addresses that the lab routes', async () => {
    const { text } = await aws.ec2('AllocateAddress', { Domain: 'vpc' });
    expect(element(text, 'publicIp')).toMatch(/^198\.51\.100\.\d+$/);
    await aws.ec2('ReleaseAddress', { AllocationId: element(text, 'allocationId') });
  });

  it('are refused when the lab does not route them', async () => {
    const { status, text } = await aws.ec2('AllocateAddress', { Domain: 'vpc', Address: '203.0.113.9' });
    expect([status, element(text, 'Code')]).toEqual([400, 'InvalidAddress.NotFound']);
  });
});

describe('images of the AWS emulator', () => {
  it('are the official ones of Debian, each with its own date', async () => {
    const filters = { 'Owner.1': '136693071363', 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'debian-13-*' };
    const { text } = await aws.ec2('DescribeImages', filters);
    const names = [...text.matchAll(/<name>(debian-13-[^<]*)<\/name>/g)].map(([, name]) => name);
    expect(names.some((name) => name?.includes('-arm64-'))).toBe(true);
    expect(names.length).toBe(4);
    expect(new Set(text.match(/<creationDate>[^<]*/g)).size).toBe(2);
  });
});

describe('instances of the AWS emulator', () => {
  it('are in the snapshot with address, key, user data and volumes, and go', async () => {
    const images = await aws.ec2('DescribeImages', { 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'debian-13-amd64-*' });
    const key = Buffer.from(
      `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'k'.repeat(32)}`, 'latin1').toString('base64')}`,
    );
    await aws.ec2('ImportKeyPair', { KeyName: 'mail', PublicKeyMaterial: key.toString('base64') });
    const run = await aws.ec2('RunInstances', {
      ImageId: element(images.text, 'imageId'),
      MinCount: '1',
      MaxCount: '1',
      InstanceType: 't3.small',
      KeyName: 'mail',
      UserData: Buffer.from('#cloud-config\n').toString('base64'),
      SubnetId: element((await aws.ec2('DescribeSubnets')).text, 'subnetId'),
    });
    const InstanceId = element(run.text, 'instanceId');
    const volume = await aws.ec2('CreateVolume', { AvailabilityZone: element(run.text, 'availabilityZone'), Size: '10' });
    const VolumeId = element(volume.text, 'volumeId');
    await aws.ec2('AttachVolume', { InstanceId, VolumeId, Device: '/dev/sdf' });

    const snapshot = await aws.snapshotWith('the volume', ({ instances }) => instances.some(({ volumes }) => volumes.length > 0));
    const instance = snapshot.instances.find(({ id }) => id === InstanceId);
    expect(instance).toMatchObject({
      state: 'running',
      imageName: expect.stringMatching(/^debian-13-amd64-/),
      privateIpv4: expect.stringMatching(/^172\.31\./),
      userData: '#cloud-config\n',
      publicKeys: [expect.stringMatching(/^ssh-ed25519 /)],
      volumes: [{ id: VolumeId, sizeGiB: 10, device: '/dev/sdf' }],
    });
    expect(snapshot.volumeIds).toContain(VolumeId);
    expect(instance?.firewall).toEqual({ ingress: [], egress: [{ protocol: '-1', networks: ['0.0.0.0/0'] }] });

    const GroupId = await defaultGroup();
    const permissions = {
      GroupId,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '25',
      'IpPermissions.1.ToPort': '25',
      'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
      'IpPermissions.2.IpProtocol': '-1',
      'IpPermissions.2.Groups.1.GroupId': GroupId,
    };
    const ingress = (rules: unknown[]) =>
      aws.snapshotWith('the rules', ({ instances }) =>
        instances.some(({ firewall }) => isDeepStrictEqual(firewall.ingress, rules)),
      );
    await aws.ec2('AuthorizeSecurityGroupIngress', permissions);
    await ingress([
      { protocol: 'tcp', networks: ['0.0.0.0/0'], from: 25, to: 25 },
      { protocol: '-1', networks: [`${instance?.privateIpv4}/32`] },
    ]);
    await aws.ec2('RevokeSecurityGroupIngress', permissions);
    await ingress([]);

    await aws.ec2('TerminateInstances', { 'InstanceId.1': InstanceId });
    await aws.ec2('DeleteVolume', { VolumeId });
    const after = await aws.snapshotWith('the end of the instance', ({ volumeIds }) => !volumeIds.includes(VolumeId));
    expect(after.instances.find(({ id }) => id === InstanceId)?.state).toBe('terminated');
  });
});

describe('firewall rules of the AWS emulator', () => {
  it.each(['Ingress', 'Egress'])('are called gone when they are revoked a second time: %s', async (direction) => {
    const GroupId = await defaultGroup();
    const made = await aws.ec2(`AuthorizeSecurityGroup${direction}`, {
      GroupId,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '465',
      'IpPermissions.1.ToPort': '465',
      'IpPermissions.1.IpRanges.1.CidrIp': '198.51.100.0/24',
    });
    const revoke = () =>
      aws.ec2(`RevokeSecurityGroup${direction}`, { GroupId, 'SecurityGroupRuleId.1': element(made.text, 'securityGroupRuleId') });
    expect((await revoke()).status).toBe(200);
    const again = await revoke();
    expect([again.status, element(again.text, 'Code')]).toEqual([400, 'InvalidSecurityGroupRuleId.NotFound']);
  });
});

describe('Route 53 of the AWS emulator', () => {
  it('changes nothing when one change of a batch is refused', async () => {
    const zone = await aws.zone('batch.test');
    await aws.change(zone, ['CREATE', 'a.batch.test', 'A', '198.51.100.41']);
    const refused = await aws.change(
      zone,
      ['CREATE', 'b.batch.test', 'A', '198.51.100.42'],
      ['CREATE', 'a.batch.test', 'A', '198.51.100.43'],
    );
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Tried to create resource record set');
    expect(refused.text).toContain('but it already exists');
    const { text } = await aws.route53('GET', `hostedzone/${zone}/rrset`);
    expect(text).not.toContain('b.batch.test');
  });

  it.each([
    ['a text without quotation marks', 'v=spf1 -all', 'Value should be enclosed in quotation marks'],
    ['a string of more than 255 characters', `&quot;${'k'.repeat(256)}&quot;`, 'CharacterStringTooLong'],
  ])('refuses %s', async (_, value, message) => {
    const zone = await aws.zone('text.test');
    const refused = await aws.change(zone, ['CREATE', 'text.test', 'TXT', value]);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(message);
  });

  it('refuses to delete a record with other values, and creates again what was deleted', async () => {
    const zone = await aws.zone('again.test');
    await aws.change(zone, ['CREATE', 'a.again.test', 'A', '198.51.100.41'], ['CREATE', 'z.again.test', 'A', '198.51.100.41']);
    const other = await aws.change(zone, ['DELETE', 'a.again.test', 'A', '198.51.100.99']);
    expect(other.text).toContain('the values provided do not match the current values');
    expect((await aws.change(zone, ['DELETE', 'a.again.test', 'A', '198.51.100.41'])).status).toBe(200);
    expect((await aws.change(zone, ['CREATE', 'a.again.test', 'A', '198.51.100.41'])).status).toBe(200);
  });

  it('refuses a CNAME next to other records', async () => {
    const zone = await aws.zone('alias.test');
    await aws.change(zone, ['CREATE', 'a.alias.test', 'A', '198.51.100.41']);
    const refused = await aws.change(zone, ['CREATE', 'a.alias.test', 'CNAME', 'b.alias.test']);
    expect(refused.text).toContain('conflicts');
  });
});

test('the AWS emulator answers a call as before whose answer got lost, and takes it for no second one', async () => {
  const group = { GroupName: 'lost', GroupDescription: 'lost' };
  const create = (invocation: string) => aws.ec2('CreateSecurityGroup', group, { invocation });
  const first = await create('one');
  expect(first).toMatchObject({ status: 200, text: expect.stringContaining('<groupId>sg-') });
  expect(await create('one')).toEqual(first);
  expect(await create('two')).toMatchObject({ status: 400, text: expect.stringContaining('InvalidGroup.Duplicate') });
});

describe('what the AWS emulator does not know', () => {
  it('is a client error at once, so that nobody tries again', async () => {
    const { status, text } = await aws.ec2('EnableFastLaunch', { ImageId: 'ami-1' });
    expect([status, element(text, 'Code')]).toEqual([400, 'UnsupportedOperation']);
  });
});
