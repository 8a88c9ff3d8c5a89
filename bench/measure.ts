import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ansibleMissing, ansibleProblem, ansibleRun } from './ansible';
import { delayProxy } from './delay-proxy';
import { type DeployedRole, deployedRole } from './deployed-role';
import { median } from './statistics';
import { markdownTable, type Row } from './table';

const scratch = process.argv[2] as string;
const repeat = Number(process.env.BENCH_REPEAT ?? 7);
const stacks = join(process.env.CDKTF_OUTPUT as string, 'stacks');

/** Runs a command and gives its seconds; a measured command that fails is the end of the benchmark. */
function seconds(
  command: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    problem?: (output: string, status: number | null) => string | undefined;
  } = {},
): number {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    encoding: 'utf8',
  });
  const elapsed = (performance.now() - begin) / 1000;
  const problem = options.problem ? options.problem(stdout + stderr, status) : status === 0 ? undefined : stderr || stdout;
  if (problem !== undefined) throw new Error(`${command} ${args.join(' ')}\n${problem}`);
  return elapsed;
}

/** The first run warms caches and is not counted. */
function measured(times: number, once: () => number): number {
  once();
  return median(Array.from({ length: times }, once));
}

function roleChecks(
  role: DeployedRole,
  label: string,
  target: number | undefined,
  endpoint: { host: string; port: number },
): Row[] {
  const task = join(scratch, `task-${endpoint.port}.json`);
  const connection = { ...role.connection, ...endpoint };
  writeFileSync(task, JSON.stringify({ connection, desired: role.desired }));
  const inside: number[] = [];
  const note = (output: string, status: number | null) => {
    inside.push(Number(output));
    return status === 0 ? undefined : output;
  };
  const whole = measured(repeat, () => seconds(process.execPath, [join(scratch, 'no-op-check.js'), task], { problem: note }));
  const rows: Row[] = [
    { what: `no-op role check, ${label}: connect, all facts, compare`, value: median(inside), unit: 's', target },
    { what: `the same as a process of its own`, value: whole, unit: 's' },
  ];
  const missing = ansibleMissing();
  if (missing) {
    console.error(missing);
    return rows;
  }
  for (const mitogen of [false, true]) {
    const folder = join(scratch, `ansible-${endpoint.port}`);
    mkdirSync(folder, { recursive: true });
    const run = ansibleRun(
      folder,
      role.desired,
      { ...endpoint, user: connection.user ?? 'admin', privateKeyPath: connection.privateKeyPath as string },
      mitogen,
    );
    const what = `the same, ${label}: ${mitogen ? 'Ansible + Mitogen' : 'Ansible, pipelining, connection kept'}`;
    try {
      const value = measured(2, () => seconds('ansible-playbook', run.args, { env: run.env, problem: ansibleProblem }));
      rows.push({ what, value, unit: 's', note: `${(value / whole).toFixed(0)} times as long` });
    } catch (error) {
      console.error(`${what}: left out\n${(error as Error).message}`);
    }
  }
  return rows;
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

function synthRows(): Row[] {
  const out = join(scratch, 'synth');
  const rss = join(scratch, 'rss');
  const env = { ...process.env, CDKTF_OUTDIR: out, BENCH_RSS: rss };
  const memory: number[] = [];
  const value = measured(repeat, () => {
    rmSync(out, { recursive: true, force: true });
    const elapsed = seconds(process.execPath, ['--require', resolve('bench/note-memory.cjs'), 'dist/example/main.js'], { env });
    memory.push(Number(readFileSync(rss, 'utf8')) / 1024);
    return elapsed;
  });
  return [
    { what: 'synth of the example (compiled)', value, unit: 's', target: 0.35 },
    { what: 'memory of that synth', value: median(memory), unit: 'MB', target: 90 },
  ];
}

async function main(): Promise<void> {
  const role = deployedRole(join(stacks, 'mail'));
  const direct = { host: role.connection.host, port: role.connection.port ?? 22 };
  const rows = synthRows();
  rows.push(...roleChecks(role, 'loopback', 0.2, direct));
  const far = spawnDelayed(direct, 25);
  try {
    rows.push(...roleChecks(role, '+50 ms round trip', 0.6, await far.endpoint));
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
  rows.push({
    what: 'no-op terraform plan of the whole example (AWS provider included)',
    value: measured(3, () => noChanges(join(stacks, 'mail'))),
    unit: 's',
  });
  const files = role.desired.files.length;
  console.log(
    `\n${files} files, ${role.desired.packages.length} packages, ${role.desired.services.length} services; medians of ${repeat} runs\n`,
  );
  console.log(markdownTable(rows));
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
