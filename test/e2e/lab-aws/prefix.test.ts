import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { calledActions } from '../../../lab/aws';
import { Ec2Host, Ec2Network, Route53Dns } from '../../../lib';
import { newStack } from '../../support/synth';
import { TerraformProject } from '../../support/terraform';
import { AwsEmulator } from '../support/aws-emulator';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr';

const docs = resolve(__dirname, '../../../docs');
const policy = JSON.parse(readFileSync(join(docs, 'iam-policy.json'), 'utf8')) as {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
};
const allowed = policy.Statement.flatMap(({ Action }) => Action);
const [, row = ''] = /\| a prefix of your own \|(.*)\|/.exec(readFileSync(join(docs, 'aws.md'), 'utf8')) ?? [];
/** What docs/aws.md says has to be added to the policy. */
const forPrefix = [...row.matchAll(/`([^`]*)`/g)].flatMap(([, action]) => action ?? []);

const host = (publicIpv6?: string) =>
  newStack((stack) => {
    const ipv6 = { ipv6CidrBlock: '2001:db8:25::/56', ipv6Pool: 'ipv6pool-ec2-0123456789abcdef0' };
    new Ec2Host(stack, 'host', {
      sshPublicKey: publicKey,
      adminCidrs: ['198.51.100.1/32'],
      network: Ec2Network.newVpc(publicIpv6 ? ipv6 : {}),
      publicIpv6,
      reverseDns: publicIpv6
        ? new Route53Dns(stack, 'reverse', { zones: { '5.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa': { zoneId: 'Z1' } } })
        : undefined,
      stateVolume: false,
      protect: false,
    });
  });

/** AWS leaves a subnet and a VPC what somebody has an address of: the instance has to go first. */
test('an address of another subnet of the own prefix takes the place of the first one, and both can be given up, with the permissions of docs/aws.md', async () => {
  const aws = await AwsEmulator.start({ timeFactor: 60 });
  const run = async (stack: ReturnType<typeof host>, ...command: readonly string[]) => {
    const project = await TerraformProject.init(stack);
    try {
      const { ok, text } = await project.against(
        aws.environment,
        ...command,
        '-parallelism=40',
        `-state=${aws.folder}/it.tfstate`,
      );
      if (!ok) throw new Error(text);
      return text;
    } finally {
      project.dispose();
    }
  };
  const apply = ['apply', '-auto-approve'];
  try {
    await run(host('2001:db8:25:1::25'), ...apply);
    await run(host('2001:db8:25:2::25'), ...apply);
    await run(host(), ...apply);
    const called = calledActions(await aws.calls());
    expect(called.filter((action) => !allowed.includes(action))).toEqual(forPrefix);
  } finally {
    await aws.stop();
  }
});
