import { type Context, learner, STACK_KEY, seconds } from './context';
import type { Environment, Stacks } from './stacks';

export interface DeploymentOptions {
  readonly adminCidr: string;
  readonly sshPublicKeyFile: string;
  readonly sshPrivateKeyFile: string;
}

/** The variables of the example for a mail domain of this run's own, below the zone: nothing that is there is touched. */
export function exampleEnvironment(
  { run, zoneName, aws }: Pick<Context, 'run' | 'zoneName' | 'aws'>,
  { adminCidr, sshPublicKeyFile, sshPrivateKeyFile }: DeploymentOptions,
): Environment {
  return {
    AWS_REGION: aws.region,
    MAILSERVER_DOMAIN: `${run}.${zoneName}`,
    MAILSERVER_HELO_NAME: `mail.${run}.${zoneName}`,
    MAILSERVER_ZONE: zoneName,
    MAILSERVER_ZONE_SOURCE: 'lookup',
    MAILSERVER_ADMIN_CIDR: adminCidr,
    MAILSERVER_SSH_PUBLIC_KEY_FILE: sshPublicKeyFile,
    MAILSERVER_SSH_PRIVATE_KEY_FILE: sshPrivateKeyFile,
  };
}

/** A first deployment, a rename, another instance, and the end of it; after each change the plan has to be empty. */
export async function deployment(context: Context, stacks: Stacks, options: DeploymentOptions): Promise<void> {
  const { journal, clock, report, run, zoneName, signal, say } = context;
  const { folder } = journal;
  const learned = learner(report, 'Deployment');
  const first = exampleEnvironment(context, options);
  const renamed = { ...first, MAILSERVER_HELO_NAME: `mx.${run}.${zoneName}` };

  const step = async (title: string, work: () => Promise<void>) => {
    say(`   ${title} …`);
    const begin = clock.now();
    await work();
    learned(title, seconds((clock.now() - begin) / 1000), true);
  };
  const thenEmpty = async (after: string, environment: Environment) => {
    const isEmpty = await stacks.isPlanEmpty(folder, environment, signal);
    learned(`the plan after ${after}`, isEmpty ? 'empty' : 'has changes: see terraform.log', isEmpty);
  };

  await step('synth and terraform init', () => stacks.prepare(folder, first, signal));
  journal.willMake(STACK_KEY, { kind: 'stack', folder, environment: first });
  await step('the first deployment', () => stacks.apply(folder, first, [], signal));
  await thenEmpty('the first deployment', first);

  await stacks.prepare(folder, renamed, signal);
  await step('another HELO name', () => stacks.apply(folder, renamed, [], signal));
  await thenEmpty('the rename', renamed);

  const instance = (await stacks.resources(folder, renamed)).find((address) => address.startsWith('aws_instance.'));
  if (!instance) throw new Error('there is no aws_instance in the state of the example');
  await step('another instance', () => stacks.apply(folder, renamed, [`-replace=${instance}`], signal));
  await thenEmpty('the replacement', renamed);

  await step('destroy', () => stacks.destroy(folder, renamed));
  const left = await stacks.resources(folder, renamed);
  learned('what destroy leaves in the state', left.join(', ') || 'nothing', left.length === 0);
  if (left.length === 0) journal.isGone(STACK_KEY);
}
