import { waitFor } from '../../../lab/system';
import { type Answer, AwsEmulator, element, refusal } from '../support/aws-emulator';
import { SmallNameServer } from '../support/small-name-server';

const seconds = 12;
const factor = 30;
let dns: SmallNameServer;
let aws: AwsEmulator;

beforeAll(async () => {
  dns = await SmallNameServer.start();
  aws = await AwsEmulator.start({
    timeFactor: factor,
    aws: { publicResolver: dns.address, reverseNames: { seconds, heldSeconds: seconds }, ec2: { addresses: 100 } },
  });
});

afterEach(() => aws.set());

afterAll(async () => {
  dns?.stop();
  await aws?.stop();
});

/** A new address with a name of its own that leads to it in the public DNS, or somewhere else. */
async function address(forward: 'right' | 'wrong' | 'missing' = 'right') {
  const { text } = await aws.ec2('AllocateAddress', { Domain: 'vpc' });
  const [AllocationId, ip] = [element(text, 'allocationId'), element(text, 'publicIp')];
  const name = `host-${ip.split('.')[3]}.test`;
  dns.records.delete(name);
  if (forward !== 'missing') dns.records.set(name, [forward === 'right' ? ip : '198.51.100.250']);
  return { AllocationId, ip, name };
}

const modify = (AllocationId: string, DomainName: string) => aws.ec2('ModifyAddressAttribute', { AllocationId, DomainName });
const reset = (AllocationId: string) => aws.ec2('ResetAddressAttribute', { AllocationId, Attribute: 'domain-name' });
const describe_ = (id: string) => aws.ec2('DescribeAddressesAttribute', { 'AllocationId.1': id, Attribute: 'domain-name' });

const shown = ({ text }: Answer) => ({
  record: element(text, 'ptrRecord'),
  value: element(text, 'value'),
  status: element(text, 'status'),
  reason: element(text, 'reason'),
});

/** What the request has come to, and after how many of AWS's seconds. */
async function settled(id: string) {
  const begin = performance.now();
  const look = async () => shown(await describe_(id));
  const end = await waitFor('the end of the request', async () => (await look()).status !== 'PENDING' && look(), {
    deadline: 10_000,
  });
  return { ...end, after: ((performance.now() - begin) / 1000) * factor };
}

describe('a reverse name at AWS', () => {
  test('is PENDING at first, and there minutes later', async () => {
    const { AllocationId, name, ip } = await address();
    const asked = shown(await modify(AllocationId, name));
    expect(asked).toEqual({ record: '', value: `${name}.`, status: 'PENDING', reason: '' });
    expect(shown(await describe_(AllocationId))).toEqual(asked);
    expect(await settled(AllocationId)).toEqual({
      record: `${name}.`,
      value: '',
      status: '',
      reason: '',
      after: expect.closeTo(seconds, -1),
    });
    await aws.snapshotWith('the name', ({ elasticIps }) =>
      elasticIps.some(({ publicIpv4, ptr }) => publicIpv4 === ip && ptr === `${name}.`),
    );
  });

  test('is read back with a final dot, whether it was asked for with one or not', async () => {
    const { AllocationId, name } = await address();
    await modify(AllocationId, `${name}.`);
    expect(await settled(AllocationId)).toMatchObject({ record: `${name}.` });
  });

  test.each([
    ['leads to another address', 'wrong', /does not point to .* but to 198\.51\.100\.250/],
    ['does not exist in the public DNS, whatever a zone of Route 53 says', 'missing', /NXDOMAIN/],
  ] as const)('is FAILED with a reason when it %s', async (_, forward, reason) => {
    const { AllocationId, name, ip } = await address(forward);
    await aws.change(await aws.zone(name), ['CREATE', name, 'A', ip]);
    await modify(AllocationId, name);
    const end = await settled(AllocationId);
    expect(end).toMatchObject({ record: '', value: `${name}.`, status: 'FAILED' });
    expect(end.reason).toMatch(reason);
  });

  test('is judged by what the public DNS says when it is asked for, not later', async () => {
    const { AllocationId, name, ip } = await address('missing');
    await modify(AllocationId, name);
    await waitFor('the look', async () => dns.asked.includes(name), { deadline: 2000 });
    dns.records.set(name, [ip]);
    expect(await settled(AllocationId)).toMatchObject({ status: 'FAILED' });
    await modify(AllocationId, name);
    expect(await settled(AllocationId)).toMatchObject({ record: `${name}.`, status: '' });
  });

  test('is still the old one while a new one is PENDING, and stays when that has FAILED', async () => {
    const { AllocationId, name } = await address();
    await modify(AllocationId, name);
    await settled(AllocationId);
    expect(shown(await modify(AllocationId, 'other.test'))).toMatchObject({ record: `${name}.`, value: 'other.test.' });
    expect(await settled(AllocationId)).toMatchObject({ record: `${name}.`, status: 'FAILED' });
  });

  test('is what was asked for last when two are PENDING', async () => {
    const { AllocationId, name, ip } = await address();
    dns.records.set('last.test', [ip]);
    await modify(AllocationId, name);
    await modify(AllocationId, 'last.test');
    expect(await settled(AllocationId)).toMatchObject({ record: 'last.test.' });
  });

  test('fails or never ends on days on which AWS does so', async () => {
    const { AllocationId, name } = await address();
    await aws.set({ aws: { reverseNames: { outcome: 'failed', reason: 'not today' } } });
    await modify(AllocationId, name);
    expect(await settled(AllocationId)).toMatchObject({ record: '', status: 'FAILED', reason: 'not today' });
    await aws.set({ aws: { reverseNames: { outcome: 'never', seconds: 0 } } });
    await modify(AllocationId, name);
    await expect(settledWithin(AllocationId, 500)).rejects.toThrow('the end of the request');
  });

  const settledWithin = (id: string, deadline: number) =>
    waitFor('the end of the request', async () => shown(await describe_(id)).status !== 'PENDING', { deadline });
});

describe('an address with a reverse name', () => {
  const release = async (AllocationId: string) => refusal(await aws.ec2('ReleaseAddress', { AllocationId }));
  const isHeld = [400, 'InvalidAddress.PtrSet'];

  test('is not released while it has the name, while it is reset, and for a while after that', async () => {
    const { AllocationId, name, ip } = await address();
    await modify(AllocationId, name);
    expect(await release(AllocationId)).toEqual(isHeld);
    await settled(AllocationId);
    expect(await release(AllocationId)).toEqual(isHeld);
    expect(shown(await reset(AllocationId))).toMatchObject({ record: `${name}.`, status: 'PENDING' });
    expect(await release(AllocationId)).toEqual(isHeld);
    expect(await settled(AllocationId)).toMatchObject({ record: '', value: '', status: '' });
    expect((await describe_(AllocationId)).text).not.toContain('allocationId');
    expect(await release(AllocationId)).toEqual(isHeld);
    await waitFor('the release', async () => (await release(AllocationId))[0] === 200, { deadline: 5000 });
    await aws.snapshotWith('the address to be gone', ({ elasticIps }) => elasticIps.every(({ publicIpv4 }) => publicIpv4 !== ip));
  });
});
