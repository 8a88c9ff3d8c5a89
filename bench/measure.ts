import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConnectionSettings } from '../lib/host/connection-settings';
import type { DesiredState } from '../lib/host/desired-state';
import { ansibleMissing, ansibleProblem, ansibleRun } from './ansible';
import type { CheckTask } from './check-task';
import { delayProxy } from './delay-proxy';
import { type DeployedRole, deployedRole } from './deployed-role';
import { measured, seconds } from './process-seconds';
import { median } from './statistics';
import { markdownTable, type Row } from './table';
import { stackWithoutOurs } from './without-ours';

const scratch = process.argv[2] as string;
const repeat = Number(process.env.BENCH_REPEAT ?? 9);
const ansibleRepeat = Number(process.env.BENCH_ANSIBLE_REPEAT ?? 1);
const stacks = join(process.env.CDKTF_OUTPUT as string, 'stacks');

/** The check in the process, and the process around it, in seconds; both are medians. */
function noOpCheck(task: CheckTask, name: string): { inside: number; whole: number } {
  const file = join(scratch, `${name}.json`);
  writeFileSync(file, JSON.stringify(task));
  const inside: number[] = [];
  const note = (output: string, status: number | null) => {
    inside.push(Number(output));
    return status === 0 ? undefined : output;
  };
  const once = () => seconds(process.execPath, [join(scratch, 'no-op-launch.js'), file], { problem: note });
  const whole = measured(repeat, once);
  return { inside: median(inside.slice(1)), whole };
}

/** Seconds that Node took to load cdktf, beyond its own start, on the machine where the targets were set. */
const cdktfWhereTargetsWereSet = 0.16;

/** What is asked of a check, in seconds, and how much of it is the way of the packets. */
interface CheckTarget {
  readonly target: number;
  readonly waiting?: number;
}

function roleChecks(role: DeployedRole, label: string, bar: CheckTarget, endpoint: { host: string; port: number }): Row[] {
  const connection = { ...role.connection, ...endpoint };
  const all = noOpCheck({ connection, desired: role.desired }, `all-${endpoint.port}`);
  const few = noOpCheck({ connection, desired: aFewFiles(role.desired), partial: true }, `few-${endpoint.port}`);
  return [
    { what: `no-op role check, ${label}: connect, all facts, compare`, value: all.inside, unit: 's', ...bar },
    { what: 'the same for 12 files and 4 services only', value: few.inside, unit: 's', ...bar },
    { what: 'the whole role as a process of its own', value: all.whole, unit: 's' },
    { what: `OpenSSH's own client, ${label}: log in, sudo true`, value: openSsh(connection), unit: 's' },
    ...ansibleRows(role, label, all.whole, connection),
  ];
}

/** As small as the roles that other tools publish their figures for. */
function aFewFiles(desired: DesiredState): DesiredState {
  const { os } = desired;
  const nothing = { packages: [], groups: [], users: [], directories: [], seeds: [], derived: [] };
  return {
    ...desired,
    ...nothing,
    volume: undefined,
    os,
    files: desired.files.slice(0, 12),
    services: desired.services.slice(0, 4),
  };
}

function openSsh({ host, port, user = 'admin', privateKeyPath }: ConnectionSettings): number {
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const args = [...options.flatMap((option) => ['-o', option]), '-i', privateKeyPath as string, '-p', String(port ?? 22)];
  return measured(repeat, () => seconds('ssh', [...args, `${user}@${host}`, 'sudo -n true']));
}

function ansibleRows(role: DeployedRole, label: string, whole: number, connection: ConnectionSettings): Row[] {
  if (ansibleRepeat === 0) return [];
  const missing = ansibleMissing();
  if (missing) {
    console.error(missing);
    return [];
  }
  const { host, port = 22, user = 'admin', privateKeyPath } = connection;
  const folder = join(scratch, `ansible-${port}`);
  mkdirSync(folder, { recursive: true });
  return [false, true].flatMap((mitogen): Row[] => {
    const run = ansibleRun(folder, role.desired, { host, port, user, privateKeyPath: privateKeyPath as string }, mitogen);
    const what = `the same job, ${label}: ${mitogen ? 'Ansible + Mitogen' : 'Ansible, pipelining, connection kept'}`;
    try {
      const once = () => seconds('ansible-playbook', run.args, { env: run.env, problem: ansibleProblem });
      const value = measured(ansibleRepeat, once);
      return [{ what, value, unit: 's', note: `${(value / whole).toFixed(0)} times the process` }];
    } catch (error) {
      console.error(`${what}: left out\n${(error as Error).message}`);
      return [];
    }
  });
}

/** What a plan or a synth cannot be quicker than. */
function floorRows(): { readonly rows: Row[]; readonly slowness: number } {
  const dir = join(scratch, 'no-provider');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'main.tf.json'), JSON.stringify({ resource: { terraform_data: { nothing: { input: 'x' } } } }));
  seconds('terraform', ['init', '-input=false'], { cwd: dir });
  seconds('terraform', ['apply', '-auto-approve', '-input=false'], { cwd: dir });
  const script = (text: string) => measured(repeat, () => seconds(process.execPath, ['-e', text], { cwd: process.cwd() }));
  const [empty, cdktf] = [script('0'), script("require('cdktf')")];
  const rows: Row[] = [
    { what: 'floor: node with an empty script', value: empty, unit: 's' },
    { what: 'floor: node that loads cdktf', value: cdktf, unit: 's' },
    { what: 'floor: no-op terraform plan without any provider', value: measured(repeat, () => noChanges(dir)), unit: 's' },
  ];
  return { rows, slowness: (cdktf - empty) / cdktfWhereTargetsWereSet };
}

/** A stack of the role alone, so that the plan's time is ours and not the AWS provider's. */
function roleAloneStack(role: DeployedRole): string {
  const dir = join(scratch, 'role-alone');
  mkdirSync(dir, { recursive: true });
  const deployed = JSON.parse(readFileSync(join(stacks, 'mail', 'cdk.tf.json'), 'utf8'));
  const { mailserver } = deployed.terraform.required_providers;
  writeFileSync(
    join(dir, 'main.tf.json'),
    JSON.stringify({
      terraform: { required_providers: { mailserver } },
      resource: { mailserver_role: { mail: { ...role.attributes, provider: undefined } } },
    }),
  );
  seconds('cp', ['-R', join(stacks, 'mail', 'terraform.d'), dir]);
  seconds('terraform', ['init', '-input=false'], { cwd: dir });
  seconds('terraform', ['apply', '-auto-approve', '-input=false'], { cwd: dir });
  return dir;
}

function noChanges(cwd: string, args: readonly string[] = []): number {
  return seconds('terraform', ['plan', '-detailed-exitcode', '-input=false', ...args], {
    cwd,
    problem: (output, status) => (status === 0 ? undefined : `exit code ${status}, not a no-op:\n${output}`),
  });
}

/** The example as one file, made by the command of README's "Install". It has to lie where the package is found. */
function synthRows(): Row[] {
  const folder = 'dist/bench';
  const program = join(folder, 'main.cjs');
  const args = ['dist/example/main.js', '--bundle', '--platform=node', `--outfile=${program}`, '--log-level=warning'];
  const bundling = measured(repeat, () => seconds('node_modules/.bin/esbuild', args));
  const oneFile = synth(program);
  rmSync(folder, { recursive: true });
  return [
    { what: 'synth of the example, built into one file', value: oneFile.seconds, unit: 's', target: 0.35 },
    { what: 'memory of that synth', value: oneFile.megabytes, unit: 'MB', target: 90 },
    { what: 'building that file', value: bundling, unit: 's' },
    { what: 'synth of the example, cdktf loaded module by module', value: synth('dist/example/main.js').seconds, unit: 's' },
  ];
}

/** Synthesises into an empty folder; both are medians. */
function synth(program: string): { seconds: number; megabytes: number } {
  const out = join(scratch, 'synth');
  const rss = join(scratch, 'rss');
  const env = { ...process.env, CDKTF_OUTDIR: out, BENCH_RSS: rss };
  const memory: number[] = [];
  const value = measured(repeat, () => {
    rmSync(out, { recursive: true, force: true });
    const elapsed = seconds(process.execPath, ['--require', resolve('bench/note-memory.cjs'), program], { env });
    memory.push(Number(readFileSync(rss, 'utf8')) / 1024);
    return elapsed;
  });
  return { seconds: value, megabytes: median(memory) };
}

async function main(): Promise<void> {
  // A setting of this machine that makes each start of Node longer says nothing about what is measured.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const role = deployedRole(join(stacks, 'mail'));
  const direct = { host: role.connection.host, port: role.connection.port ?? 22 };
  const floor = floorRows();
  const rows = [...floor.rows, ...synthRows()];
  rows.push(...roleChecks(role, 'loopback', { target: 0.2 }, direct));
  const far = spawnDelayed(direct, 25);
  try {
    rows.push(...roleChecks(role, '+50 ms round trip', { target: 0.6, waiting: 0.4 }, await far.endpoint));
  } finally {
    far.stop();
  }
  const alone = roleAloneStack(role);
  rows.push({
    what: 'no-op terraform plan of the role alone',
    value: measured(repeat, () => noChanges(alone)),
    unit: 's',
    target: 0.9,
  });
  const whole = measured(5, () => noChanges(join(stacks, 'mail')));
  const without = stackWithoutOurs(join(stacks, 'mail'), join(scratch, 'without-ours'));
  const floorOfWhole = measured(5, () => noChanges(without));
  rows.push(
    { what: 'no-op terraform plan of the same stack without our resources', value: floorOfWhole, unit: 's' },
    {
      what: 'no-op terraform plan of the whole example (AWS provider included)',
      value: whole,
      unit: 's',
      note: `${(whole / floorOfWhole).toFixed(2)} times that without our resources; target 1.15`,
    },
  );
  const files = role.desired.files.length;
  console.log(
    `\nload ${loadavg()[0]?.toFixed(1)}; ${files} files, ${role.desired.packages.length} packages, ${role.desired.services.length} services; medians of ${repeat} runs; loading cdktf takes ${floor.slowness.toFixed(2)} times as long as where the targets were set\n`,
  );
  console.log(markdownTable(rows, floor.slowness));
}

/** In a process of its own: this one blocks while it measures. */
function spawnDelayed(target: { host: string; port: number }, delayMs: number) {
  const { spawn } = require('node:child_process') as typeof import('node:child_process');
  const child = spawn(
    process.execPath,
    [process.argv[1] as string, '--proxy', target.host, String(target.port), String(delayMs)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const endpoint = new Promise<{ host: string; port: number }>((done, failed) => {
    child.stdout.once('data', (chunk: Buffer) => done({ host: '127.0.0.1', port: Number(chunk.toString()) }));
    child.once('exit', () => failed(new Error('the delay proxy ended')));
  });
  return { endpoint, stop: () => child.kill() };
}

async function proxy(): Promise<void> {
  const [host, port, delayMs] = process.argv.slice(3) as [string, string, string];
  const { port: own } = await delayProxy({ host, port: Number(port) }, Number(delayMs));
  console.log(own);
}

(process.argv[2] === '--proxy' ? proxy() : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
