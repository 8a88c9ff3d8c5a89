import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { calledActions } from '../../../lab/aws';
import { Ec2Host, Route53Dns } from '../../../lib';
import { newStack } from '../../support/synth';
import { TerraformProject } from '../../support/terraform';
import { AwsEmulator } from '../support/aws-emulator';
import { SmallNameServer } from '../support/small-name-server';

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[];
}

const policy = JSON.parse(readFileSync(resolve(__dirname, '../../../docs/iam-policy.json'), 'utf8')) as Policy;
const documented = policy.Statement.flatMap(({ Action }) => Action);

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr';
const heloName = 'mail.policy.test';
/** The first one that the lab's AWS gives away. */
const address = '198.51.100.25';

/** Everything of AWS that a mail host is made of, in a network of its own. */
const host = (stateVolumeGiB: number, zone: string, text: string) =>
  newStack((stack) => {
    const zones = { 'policy.test': 'create', 'there.test': 'lookup' } as const;
    const dns = new Route53Dns(stack, 'dns', { zones, protect: false });
    const host = new Ec2Host(stack, 'host', {
      sshPublicKey: publicKey,
      adminCidrs: ['198.51.100.1/32'],
      stateVolumeGiB,
      protect: false,
    });
    const { dependables } = dns.addRecord(stack, 'a', { name: heloName, type: 'A', values: [host.publicIpv4] });
    dns.addRecord(stack, 'txt', { name: zone, type: 'TXT', values: [text] });
    host.setReverseName(heloName, dependables);
  });

test('an operator needs what the documented policy allows to make, look at, change and destroy a mail host, and nothing of it is never needed', async () => {
  const dns = await SmallNameServer.start({ [heloName]: [address] });
  const aws = await AwsEmulator.start({
    timeFactor: 60,
    aws: { publicResolver: dns.address },
  });
  const run = async (stack: ReturnType<typeof host>, ...commands: (readonly string[])[]) => {
    const project = await TerraformProject.init(stack);
    try {
      for (const command of commands) {
        const { ok, text } = await project.against({ ...aws.environment, MAILSERVER_RESOLVERS: dns.address }, ...command);
        if (!ok) throw new Error(text);
      }
    } finally {
      project.dispose();
    }
  };
  try {
    await aws.zone('there.test');
    const state = `-state=${aws.folder}/terraform.tfstate`;
    const apply = ['apply', '-auto-approve', '-parallelism=40', state];
    await run(host(20, 'there.test', 'one'), apply, ['plan', state]);
    await run(
      host(30, 'there.test', 'two'),
      [...apply, '-replace=aws_instance.host_B2EE9C8F'],
      ['destroy', '-auto-approve', '-parallelism=40', state],
    );
    const called = calledActions(await aws.calls());
    expect({ notAllowed: called.filter((one) => !documented.includes(one)) }).toEqual({ notAllowed: [] });
    expect({ notNeeded: documented.filter((one) => !called.includes(one)) }).toEqual({ notNeeded: [] });
  } finally {
    dns.stop();
    await aws.stop();
  }
});
