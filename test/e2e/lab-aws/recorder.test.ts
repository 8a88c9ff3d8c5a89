import { AwsEmulator, element } from '../support/aws-emulator';

test('every call is written down, with its service, its action, what it is about, and what came of it', async () => {
  const aws = await AwsEmulator.start({ timeFactor: 1000 });
  try {
    const { text } = await aws.ec2('AllocateAddress', { Domain: 'vpc' });
    const allocation = element(text, 'allocationId');
    await aws.ec2('ReleaseAddress', { AllocationId: allocation });
    const zone = await aws.zone('calls.test');
    await aws.change(zone, ['CREATE', 'a.calls.test', 'A', '198.51.100.41']);
    await aws.route53('GET', `hostedzone/${zone}/rrset`);
    await aws.route53('GET', 'change/C0');
    const calls = await aws.calls();
    expect(calls.map(({ service, action, resources, status }) => [service, action, resources.join(), status])).toEqual([
      ['ec2', 'AllocateAddress', '', 200],
      ['ec2', 'ReleaseAddress', allocation, 200],
      ['route53', 'CreateHostedZone', '', 201],
      ['route53', 'ChangeResourceRecordSets', `hostedzone/${zone}/rrset`, 200],
      ['route53', 'ListResourceRecordSets', `hostedzone/${zone}/rrset`, 200],
      ['route53', 'GetChange', 'change/C0', 404],
    ]);
  } finally {
    await aws.stop();
  }
});
