/**
 * `npm run aws-check`: what AWS does, asked of a real account by a person who starts it. Makes things that cost money, says so first, and
 * takes them away again whatever happens.
 */
import './quiet';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { unrealSettings } from '../../stacks/real-world';
import { type Aws, realAws, refusalOf } from './aws';
import { cleanUp } from './clean-up';
import { realClock } from './clock';
import { realDns } from './dns';
import { Journal } from './journal';
import { Report } from './report';
import { OUTCOME, runCheck } from './run';
import { realStacks } from './stacks';

const root = dirname(dirname(__dirname));
const say = (line: string) => console.log(line);

interface Flags {
  readonly zone?: string;
  readonly region?: string;
  readonly adminCidr?: string;
  readonly deployment: boolean;
  readonly account?: string;
  readonly folder: string;
  readonly cleanUp?: string | true;
}

const program = new Command('aws-check')
  .description('Asks a real AWS account what this project relies on. It costs money, and says how much first.')
  .option('--zone <name>', 'public zone in Route 53 that is delegated; a name of this run is made below it')
  .option('--region <region>', 'region of AWS (default: AWS_REGION, else eu-central-1)')
  .option('--admin-cidr <network>', 'network that this machine reaches the internet from, e.g. 203.0.113.7/32')
  .option('--no-deployment', 'leave out the deployment: no instance is started')
  .option('--account <id>', 'do not ask; go on if this is the account')
  .option('--folder <folder>', 'where reports and journals are kept', 'aws-check')
  .option('--clean-up [folder]', 'take away what an earlier run has left; without a folder, all of them');

async function main(): Promise<number> {
  const flags = program.parse().opts<Flags>();
  const region = flags.region ?? (process.env.AWS_REGION || 'eu-central-1');
  const aws = realAws(region);
  const parent = resolve(flags.folder);
  const unfinished = Journal.unfinished(parent);
  if (flags.cleanUp) return cleanEarlier(flags.cleanUp === true ? unfinished : [resolve(flags.cleanUp)]);
  const problems = [...flagProblems(flags), ...unfinished.map(leftBy)];
  if (problems.length > 0) return refuse(problems);

  const zoneName = (flags.zone ?? '').toLowerCase().replace(/\.$/, '');
  const run = `aws-check-${randomBytes(4).toString('hex')}`;
  const { account, arn } = await aws.caller();
  say(announcement({ flags, zoneName, region, account, arn, run }));
  if (!(await isMeant(account, flags.account))) return refuse(['nothing was made: that is not the id of the account']);

  const folder = join(parent, run);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const journal = Journal.begin(folder);
  const about = { started: new Date().toISOString(), region, zone: zoneName, account: `…${account.slice(-4)}` };
  const report = new Report(folder, about, say);
  const [interrupted, again] = interruptions();
  const context = { run, zoneName, aws, dns: realDns(), clock: realClock, journal, report, say, signal: interrupted };
  const deployment = flags.deployment ? { adminCidr: flags.adminCidr ?? '', ...sshKey(folder) } : undefined;
  return runCheck(context, realStacks(root, say), { deployment }, again);
}

function flagProblems({ zone, adminCidr, deployment }: Flags): string[] {
  const missing = [
    ...(zone ? [] : ['--zone is missing: name a public zone of Route 53 that is delegated']),
    ...(deployment && !adminCidr ? ['--admin-cidr is missing: the network that this machine reaches the internet from'] : []),
  ];
  if (missing.length > 0 || process.env.MAILSERVER_LAB) return missing;
  const settings = { mailDomain: zone ?? '', heloName: zone ?? '', zone: zone ?? '', adminCidr: adminCidr ?? '' };
  return unrealSettings(settings).map((problem) => problem.replace(/: set .*/, ': give one of your own'));
}

const leftBy = (folder: string) =>
  `an earlier run was not finished (${relative('.', folder)}): take away what it left with --clean-up first`;

function refuse(problems: readonly string[]): number {
  for (const problem of problems) console.error(`aws-check: ${problem}`);
  return OUTCOME.usage;
}

interface Announced {
  readonly flags: Flags;
  readonly zoneName: string;
  readonly region: string;
  readonly account: string;
  readonly arn: string;
  readonly run: string;
}

/** Prices as docs/aws.md has them, rounded up. */
function announcement({ flags, zoneName, region, account, arn, run }: Announced): string {
  const parts = [
    `Account ${account} (${arn}), region ${region}, zone ${zoneName}.`,
    '',
    'Memory of resolvers and reverse names: an Elastic IP and two A records below the zone, for 25 to 60 minutes, under $0.05.',
    ...(flags.deployment
      ? [
          'Deployment: the example with a VPC, one c7i-flex.large, 36 GiB of disk and records below the zone; deployed, renamed, put on',
          'another instance, destroyed: 30 to 90 minutes, under $0.30.',
        ]
      : ['No deployment.']),
    `All names are below ${run}.${zoneName} and all else is new: nothing that is there is changed. Everything is taken away at the end, also`,
    'after Ctrl-C; after a crash, by --clean-up.',
    '',
  ];
  return parts.join('\n');
}

async function isMeant(account: string, given: string | undefined): Promise<boolean> {
  if (given !== undefined) return given === account;
  if (!process.stdin.isTTY) {
    console.error('aws-check: there is no terminal to ask at: give the id of the account with --account');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Type the id of the account to go on: ');
  terminal.close();
  return answer.trim() === account;
}

/** The first interruption ends the steps, the second the clean-up. */
function interruptions(): readonly [AbortSignal, AbortSignal] {
  const [first, second] = [new AbortController(), new AbortController()];
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const controller = first.signal.aborted ? second : first;
      say(
        first.signal.aborted
          ? 'The clean-up ends with what it is at.'
          : 'Interrupted: cleaning up. Once more, and that ends, too.',
      );
      controller.abort(new Error('interrupted'));
    });
  }
  return [first.signal, second.signal];
}

/** A key for this run alone. */
function sshKey(folder: string): { sshPublicKeyFile: string; sshPrivateKeyFile: string } {
  const key = join(folder, 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'aws-check', '-f', key]);
  return { sshPublicKeyFile: `${key}.pub`, sshPrivateKeyFile: key };
}

async function cleanEarlier(folders: readonly string[]): Promise<number> {
  if (folders.length === 0) say('No earlier run has left anything.');
  let left = 0;
  const [interrupted] = interruptions();
  for (const folder of folders) {
    say(`== Clean up ${relative('.', folder)}`);
    const journal = Journal.resume(folder);
    const stacks = realStacks(root, say);
    // Each run in its own region.
    const region = journal.left.flatMap(([, thing]) => (thing.kind === 'address' ? [thing.region] : []))[0];
    const aws: Aws = realAws(region ?? (process.env.AWS_REGION || 'eu-central-1'));
    left += (await cleanUp({ aws, stacks, clock: realClock, journal, say, signal: interrupted })).length;
  }
  return left === 0 ? OUTCOME.fine : OUTCOME.failed;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { code, message } = refusalOf(error);
    console.error(`aws-check: ${message}${code && code !== 'Error' ? ` (${code})` : ''}`);
    process.exitCode = OUTCOME.failed;
  },
);
