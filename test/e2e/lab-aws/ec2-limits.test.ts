import { AwsEmulator, element, refusal } from '../support/aws-emulator';

let aws: AwsEmulator;

beforeAll(async () => {
  aws = await AwsEmulator.start({ timeFactor: 60 });
});

afterEach(() => aws.set());

afterAll(() => aws?.stop());

async function run(InstanceType: string, more: Record<string, string> = {}) {
  const image = await aws.ec2('DescribeImages', { 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'debian-13-amd64-*' });
  const counts = { MinCount: '1', MaxCount: '1' };
  return aws.ec2('RunInstances', { ImageId: element(image.text, 'imageId'), InstanceType, ...counts, ...more });
}

const dryRun = { DryRun: 'true' };
const wouldWork = [412, 'DryRunOperation'];

describe('EC2 at AWS', () => {
  test('has five Elastic IPs for a region', async () => {
    const allocated = [];
    for (const _ of [1, 2, 3, 4, 5]) allocated.push(await aws.ec2('AllocateAddress', { Domain: 'vpc' }));
    expect(refusal(await aws.ec2('AllocateAddress', { Domain: 'vpc' }))).toEqual([400, 'AddressLimitExceeded']);
    for (const { text } of allocated) await aws.ec2('ReleaseAddress', { AllocationId: element(text, 'allocationId') });
    expect((await aws.ec2('AllocateAddress', { Domain: 'vpc' })).status).toBe(200);
  });

  test('has five VPCs for a region, the default one among them', async () => {
    for (const _ of [1, 2, 3, 4]) expect((await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).status).toBe(200);
    expect(refusal(await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }))).toEqual([400, 'VpcLimitExceeded']);
  });

  test('counts the vCPUs of instances that run, and not of those that are stopped', async () => {
    const running = [await run('t3.medium'), await run('t3.medium')];
    const [first = '', second = ''] = running.map(({ text }) => element(text, 'instanceId'));
    expect(refusal(await run('t3.medium'))).toEqual([400, 'VcpuLimitExceeded']);
    await aws.ec2('StopInstances', { 'InstanceId.1': first });
    const third = await run('t3.medium');
    expect(third.status).toBe(200);
    expect(refusal(await aws.ec2('StartInstances', { 'InstanceId.1': first }))).toEqual([400, 'VcpuLimitExceeded']);
    for (const id of [first, second, element(third.text, 'instanceId')])
      await aws.ec2('TerminateInstances', { 'InstanceId.1': id });
    expect(refusal(await run('t3.medium', dryRun))).toEqual(wouldWork);
  });

  test.each([
    ['t3.medium', [400, 'InvalidParameterCombination']],
    ['m7i-flex.large', wouldWork],
  ])('starts some types only on its free plan: %s', async (type, outcome) => {
    await aws.set({ aws: { ec2: { freePlan: true } } });
    expect(refusal(await run(type, dryRun))).toEqual(outcome);
  });

  test('may have no capacity left in a zone', async () => {
    const subnets = await aws.ec2('DescribeSubnets');
    const [SubnetId, zone] = [element(subnets.text, 'subnetId'), element(subnets.text, 'availabilityZone')];
    await aws.set({ aws: { ec2: { zonesWithoutCapacity: [zone] } } });
    const refused = await run('t3.medium', { SubnetId });
    expect(refusal(refused)).toEqual([500, 'InsufficientInstanceCapacity']);
    expect(refused.text).toContain(`(${zone})`);
    const other = zone.replace(/.$/, (letter) => (letter === 'a' ? 'b' : 'a'));
    expect(refusal(await run('t3.medium', { 'Placement.AvailabilityZone': other, ...dryRun }))).toEqual(wouldWork);
  });

  test('does nothing in a dry run, and says whether it would', async () => {
    const { text } = await aws.ec2('AllocateAddress', { Domain: 'vpc' });
    const AllocationId = element(text, 'allocationId');
    expect(refusal(await aws.ec2('ReleaseAddress', { AllocationId, ...dryRun }))).toEqual(wouldWork);
    expect((await aws.ec2('ReleaseAddress', { AllocationId })).status).toBe(200);
    expect(refusal(await aws.ec2('CreateVolume', { AvailabilityZone: 'eu-central-1a', Size: '1', ...dryRun }))).toEqual(
      wouldWork,
    );
    expect((await aws.ec2('DescribeVolumes')).text).not.toContain('volumeId');
  });

  test('shows images that are older than two years only to who asks for deprecated ones', async () => {
    const filter = { 'Owner.1': '136693071363', 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'debian-11-*' };
    expect((await aws.ec2('DescribeImages', filter)).text).not.toContain('imageId');
    const all = await aws.ec2('DescribeImages', { ...filter, IncludeDeprecated: 'true' });
    expect(element(all.text, 'deprecationTime')).toBe('2026-08-13T00:00:00.000Z');
    const byId = await aws.ec2('DescribeImages', { 'ImageId.1': element(all.text, 'imageId') });
    expect(byId.text).toContain('debian-11-');
  });

  test('sets no reverse name in GovCloud', async () => {
    const region = 'us-gov-west-1';
    const { text } = await aws.ec2('AllocateAddress', { Domain: 'vpc' }, { region });
    const asked = { AllocationId: element(text, 'allocationId'), DomainName: 'mail.gov.test' };
    expect(refusal(await aws.ec2('ModifyAddressAttribute', asked, { region }))).toEqual([400, 'InvalidAction']);
  });
});
