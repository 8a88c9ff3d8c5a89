import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  awsCall,
  control,
  down,
  execIn,
  inLab,
  isInstance,
  isUp,
  type Lab,
  labKey,
  listMachines,
  lookUp,
  type Prepared,
  powerCut,
  prepare,
  resolver,
  run,
  sendMail,
  sshIn,
  startLab,
  waitFor,
  waitForSsh,
} from '../../lab';
import { reportSteps, testLab } from './support/lab';
import { expectWithin } from './support/pace';

/** The life of an instance in the lab, over the AWS API, and what a plan finds there; the tests are its stations and run in order. */
describe('a cloud', () => {
  let lab: Lab;
  let instance: string;
  let address: string;
  let allocation: string;
  let association: string;
  let zone: string;

  beforeAll(async () => {
    lab = testLab('cloud');
    await startLab(lab, reportSteps);
  });

  afterAll(() => down(lab, reportSteps));

  const ec2 = (Action: string, fields: Record<string, string> = {}) =>
    awsCall(lab, 'ec2', '/', new URLSearchParams({ Action, Version: '2016-11-15', ...fields }).toString());
  const element = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';

  const setRecord = (action: string, name: string, type: string, value: string) =>
    awsCall(
      lab,
      'route53',
      `/2013-04-01/hostedzone/${zone}/rrset`,
      `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>${type}</Type><TTL>1</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
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
    await control(lab, 'delegate', { zone: 'cloud.test' });
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
    // The old record may live for its second in the resolver, next to the second for the change itself.
    await expectWithin(2500, await served(address));
  });

  test('answers with the PTR of an Elastic IP, before with the generic name of EC2', async () => {
    const reverse = `${address.split('.').reverse().join('.')}.in-addr.arpa`;
    const ptr = (expected: string) =>
      waitFor(expected, async () => (await lookUp(lab, resolver.ipv4, reverse, 'PTR'))[0] === expected, { deadline: 15_000 });
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

  describe('with zones that are full already', () => {
    let prepared: Prepared;
    const terraform = async (...args: string[]) => {
      const [file, ...rest] = await inLab(lab, ['terraform', ...args]);
      const { stdout, stderr } = await run(file, rest, { cwd: prepared.stack.dir, env: prepared.environment, accept: [0, 1] });
      return (stdout + stderr).replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ');
    };

    beforeAll(async () => {
      await setRecord('CREATE', 'cloud.test', 'MX', '10 elsewhere.example.net.');
      await setRecord('CREATE', '_dmarc.cloud.test', 'TXT', '&quot;v=DMARC1; p=none&quot;');
      await control(lab, 'settle');
      process.env.E2E_ZONE_ID = zone;
      prepared = await prepare(lab, { app: resolve(__dirname, 'external-program') }, reportSteps);
    });

    test('a plan names every record that is in the way, its own ones and those that others write', async () => {
      const words = await terraform('plan', '-input=false', '-no-color', '-lock=false');
      expect(words).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
      expect(words).toContain('Warning: there is an MX record of cloud.test already');
      expect(words).toMatch(
        /DNS answers with 10 elsewhere\.example\.net\.\. .*"terraform import aws_route53_record\.mail_cloudtest_MX/,
      );
      expect(words).toContain('Warning: the A record of mail.sender.test says something else');
      expect(words).toContain('DNS answers with 198.51.100.60, expected 198.51.100.77; this stack does not write to that zone');
      expect(words).toContain('Warning: the MX record of strict.test says something else');
      expect(words).toContain('DNS answers with 10 mx.strict.test., expected 10 mail.sender.test.; this stack does not write');
      expect(words).not.toContain('of cloud.test says something else');
    });

    test('one that holds what is wanted is in the way, too, until it is imported', async () => {
      const before = await terraform('plan', '-input=false', '-no-color', '-lock=false');
      const [, resource = '', id = ''] =
        /as is wanted\. .*?"terraform import (aws_route53_record\.\w+) ZONE-ID_(_dmarc\.cloud\.test_TXT)"/.exec(before) ?? [];
      expect(await terraform('import', '-input=false', '-no-color', resource, `${zone}_${id}`)).toContain('Import successful!');
      const after = await terraform('plan', '-input=false', '-no-color', '-lock=false');
      expect(before).toContain('Warning: there is a TXT record of _dmarc.cloud.test already');
      expect(after).not.toContain('_dmarc.cloud.test already');
      expect(after).toContain('there is an MX record of cloud.test already');
    });

    test('an apply waits for the record that somebody else has to change', async () => {
      const list = readFileSync(join(prepared.stack.dir, 'cdk.tf.json'), 'utf8');
      const wait = /"(mail_A_[0-9A-F]+)": \{/.exec(list)?.[1];
      const apply = ['apply', '-auto-approve', '-input=false', '-no-color'];
      const applied = terraform(...apply, `-target=mailserver_dns_agreement.${wait}`);
      const waits = () => /waiting for DNS, .*A of mail\.sender\.test: .* says 198\.51\.100\.60/.test(progress());
      await waitFor('the apply to wait', async () => waits(), { deadline: 60_000, interval: 100 });
      const records = [{ name: 'mail.sender.test.', type: 'A', values: ['198.51.100.77'] }];
      await control(lab, 'disturb', { dns: { records } });
      expect(await applied).toContain('Apply complete! Resources: 1 added');
      await control(lab, 'disturb');
    });

    const progress = () => {
      const file = prepared.environment.MAILSERVER_PROGRESS as string;
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
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
