import { existsSync, readFileSync } from 'node:fs';
import {
  awsCall,
  control,
  down,
  execIn,
  isInstance,
  isUp,
  type Lab,
  labKey,
  listMachines,
  lookUp,
  powerCut,
  resolver,
  run,
  sendMail,
  sshIn,
  startLab,
  waitFor,
  waitForSsh,
} from '../../lab';
import { reportSteps, testLab } from './support/lab';

jest.setTimeout(180_000);

/** The life of an instance in the lab, over the AWS API only; the tests are its stations and run in order. */
describe('a cloud without Terraform', () => {
  let lab: Lab;
  let instance: string;
  let address: string;
  let allocation: string;
  let association: string;
  let zone: string;

  beforeAll(async () => {
    lab = testLab('cloud');
    await startLab(lab, reportSteps);
  }, 400_000);

  afterAll(() => down(lab, reportSteps));

  const ec2 = (Action: string, fields: Record<string, string> = {}) =>
    awsCall(lab, 'ec2', '/', new URLSearchParams({ Action, Version: '2016-11-15', ...fields }).toString());
  const element = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';

  const setRecord = (action: string, name: string, type: string, value: string) =>
    awsCall(
      lab,
      'route53',
      `/2013-04-01/hostedzone/${zone}/rrset`,
      `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>${type}</Type><TTL>300</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
    );
  const allow = async (network: string) => {
    const groups = await ec2('DescribeSecurityGroups', { 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': 'default' });
    const rule = { IpProtocol: 'tcp', FromPort: '22', ToPort: '22', 'IpRanges.1.CidrIp': network };
    await ec2('AuthorizeSecurityGroupIngress', {
      GroupId: element(groups, 'groupId'),
      ...Object.fromEntries(Object.entries(rule).map(([name, value]) => [`IpPermissions.1.${name}`, value])),
    });
  };
  const machine = async () => (await listMachines(lab)).find(({ spec }) => spec.name === instance);
  const onInstance = (command: string) => sshIn(lab, { machine: instance, address }, command, { timeout: 30_000 });

  test('boots a machine for an instance, which is reached at its Elastic IP with the key pair', async () => {
    const { publicKey } = await labKey(lab);
    await ec2('ImportKeyPair', { KeyName: 'k', PublicKeyMaterial: Buffer.from(publicKey).toString('base64') });
    const images = await ec2('DescribeImages', { 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'debian-13-amd64-*' });
    const started = await ec2('RunInstances', {
      ImageId: element(images, 'imageId'),
      MinCount: '1',
      MaxCount: '1',
      InstanceType: 't3.small',
      KeyName: 'k',
      UserData: Buffer.from('#cloud-config\nwrite_files:\n- path: /root/told\n  content: by user data\n').toString('base64'),
      SubnetId: element(await ec2('DescribeSubnets'), 'subnetId'),
    });
    instance = element(started, 'instanceId');
    expect(isInstance(instance)).toBe(true);
    const allocated = await ec2('AllocateAddress', { Domain: 'vpc' });
    address = element(allocated, 'publicIp');
    allocation = element(allocated, 'allocationId');
    const associated = await ec2('AssociateAddress', { AllocationId: allocation, InstanceId: instance });
    association = element(associated, 'associationId');
    // The default security group lets in nobody from outside.
    await waitFor('the machine', async () => (await machine())?.running, { deadline: 60_000 });
    expect((await control(lab, 'settle')).errors).toEqual({});
    await expect(waitForSsh(lab, address, 1000)).rejects.toThrow();
    await allow('198.51.100.1/32');
    expect(await waitForSsh(lab, address)).toBeLessThan(60_000);
    await waitFor('user data', async () => (await onInstance('sudo cat /root/told')).stdout === 'by user data', {
      deadline: 60_000,
    });
  });

  test('resolves names on the instance through the resolver of its VPC', async () => {
    expect((await onInstance('cat /etc/resolv.conf')).stdout).toContain('169.254.169.253');
    expect((await onInstance('getent ahostsv4 mail.sender.test')).stdout).toMatch(/^198\.51\.100\.60\s/);
  });

  test('serves a record of Route 53, and its change, within a second', async () => {
    const created = await awsCall(
      lab,
      'route53',
      '/2013-04-01/hostedzone',
      '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>cloud.test</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>',
    );
    zone = element(created, 'Id').replace('/hostedzone/', '');
    const served = async (value: string) => {
      const begin = performance.now();
      await waitFor(value, async () => (await lookUp(lab, resolver.ipv4, 'mail.cloud.test', 'A'))[0] === value, {
        deadline: 10_000,
      });
      return performance.now() - begin;
    };
    await setRecord('CREATE', 'mail.cloud.test', 'A', '198.51.100.200');
    await served('198.51.100.200');
    await setRecord('UPSERT', 'mail.cloud.test', 'A', address);
    // Answers of the old record may live for one second in the resolver, beside the second for the change itself.
    expect(await served(address)).toBeLessThan(2500);
  });

  test('answers with the PTR of an Elastic IP, before with the generic name of EC2', async () => {
    const reverse = `${address.split('.').reverse().join('.')}.in-addr.arpa`;
    const ptr = (expected: string) =>
      waitFor(expected, async () => (await lookUp(lab, resolver.ipv4, reverse, 'PTR'))[0] === expected, { deadline: 5000 });
    await ptr(`ec2-${address.replaceAll('.', '-')}.eu-central-1.compute.amazonaws.com`);
    await ec2('ModifyAddressAttribute', { AllocationId: allocation, DomainName: 'mail.cloud.test' });
    await ptr('mail.cloud.test');
  });

  test('keeps the disk when an instance is stopped and started, and its volumes', async () => {
    const volume = element(await ec2('CreateVolume', { AvailabilityZone: 'eu-central-1a', Size: '1' }), 'volumeId');
    await ec2('AttachVolume', { InstanceId: instance, VolumeId: volume, Device: '/dev/sdf' });
    await control(lab, 'settle');
    const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume.replace('-', '')}`;
    await onInstance(`echo kept | sudo tee /root/kept ${device} >/dev/null && sudo sync`);

    await ec2('StopInstances', { 'InstanceId.1': instance });
    await control(lab, 'settle');
    expect((await machine())?.running).toBe(false);
    await ec2('StartInstances', { 'InstanceId.1': instance });
    await control(lab, 'settle');
    await waitForSsh(lab, address);
    expect((await onInstance(`sudo cat /root/kept; sudo head -c 5 ${device}`)).stdout).toBe('kept\nkept\n');

    await ec2('DetachVolume', { VolumeId: volume, InstanceId: instance });
    await ec2('DeleteVolume', { VolumeId: volume });
    expect((await control(lab, 'settle')).errors).toEqual({});
    expect((await onInstance(`test ! -e ${device} && echo gone`)).stdout).toBe('gone\n');
  });

  test('boots again what has lost its power', async () => {
    await powerCut(lab, instance);
    expect((await machine())?.running).toBe(false);
    expect((await control(lab, 'reconcile')).errors).toEqual({});
    await waitForSsh(lab, address);
    expect((await onInstance('sudo cat /root/kept')).stdout).toBe('kept\n');
  });

  test('tells a refused connection from a refused mail', async () => {
    expect(await sendMail(lab, { server: address, to: 'a@cloud.test' })).toMatchObject({
      accepted: false,
      stage: 'connect',
      code: 0,
    });
  });

  test('takes an address away from an instance, and the instance itself', async () => {
    await ec2('DisassociateAddress', { AssociationId: association });
    await control(lab, 'settle');
    await expect(waitForSsh(lab, address, 1000)).rejects.toThrow();
    await ec2('TerminateInstances', { 'InstanceId.1': instance });
    expect((await control(lab, 'settle')).errors).toEqual({});
    expect(await machine()).toBeUndefined();
  });

  test('is gone after a crash of its supervisor, with its network and its processes', async () => {
    const { pid } = await control(lab, 'status');
    process.kill(pid, 'SIGKILL');
    await waitFor('the end of the supervisor', async () => !existsSync(`/proc/${pid}`), { deadline: 5000 });
    expect(await isUp(lab)).toBe(false);
    await down(lab, reportSteps);
    expect(existsSync(lab.stateDir)).toBe(false);
    expect((await run('ip', ['netns', 'list'])).stdout).not.toContain(lab.name);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(lab.stateDir);
    expect((await run('ps', ['-eo', 'args'])).stdout).not.toContain(lab.stateDir);
    await expect(execIn(lab, 'dns', ['true'])).rejects.toThrow();
  });
});
