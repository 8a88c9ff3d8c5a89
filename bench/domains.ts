import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { domainRecords } from '../lib/dns';
import type { VerifyReport } from '../lib/verify';
import { createZone } from './route53-zone';

/**
 * How synth, plan and verification grow with the number of mail domains. Runs inside a lab, whose AWS and DNS it asks. Plans are first
 * plans, each domain in a zone of its own: every record is new, and DNS is asked whether it is in the way. What is verified are the
 * records of as many subdomains in one zone, with everything that verification asks of DNS, blocklists included.
 */
const scratch = process.argv[2] as string;
const counts = [20, 200, 2000];
const zone = 'many.example';
const heloName = 'mail.example.com';
const subdomains = (count: number) => Array.from({ length: count }, (_, index) => `domain${index}.${zone}`);

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

interface Command {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are none of an error. Default: 0. */
  readonly accept?: readonly number[];
  /** File for what it says; a plan of thousands of records is more than a pipe should hold. Default: nowhere. */
  readonly output?: string;
}

function measured(command: string, args: readonly string[], { cwd, env = {}, accept = [0], output }: Command): Measured {
  const rss = join(scratch, 'domains-rss');
  const file = openSync(output ?? '/dev/null', 'w');
  const begin = performance.now();
  // GNU time tells the largest resident size of any of the processes.
  const timed = ['-f', '%M', '-o', rss, command, ...args];
  const { error, status, stderr } = spawnSync('/usr/bin/time', timed, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', file, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(file);
  if (error) throw new Error(`${error.message}: the Debian package time has it`);
  if (!accept.includes(status ?? -1)) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stderr}`);
  const lines = readFileSync(rss, 'utf8').trim().split('\n');
  return { seconds: (performance.now() - begin) / 1000, mebibytes: Number(lines.at(-1)) / 1024 };
}

function verified(count: number): Measured {
  const report = join(scratch, 'report.json');
  const domains = subdomains(count).flatMap((domain) => ['--domain', domain]);
  const command = [
    resolve('dist/cli/mailserver.js'),
    'verify',
    '--helo',
    heloName,
    ...domains,
    '--no-smtp',
    '--no-ssh',
    '--json',
  ];
  // 1: two of the blocklists are not in the lab.
  const found = measured(process.execPath, command, { cwd: scratch, accept: [0, 1], output: report });
  const { findings } = JSON.parse(readFileSync(report, 'utf8')) as VerifyReport;
  const well = findings.filter(({ check, state }) => check === 'mx' && state === 'ok').length;
  if (well !== count) throw new Error(`the MX of ${well} of ${count} domains was found to be well`);
  return found;
}

async function main(): Promise<void> {
  const records = subdomains(Math.max(...counts)).flatMap((domain) => domainRecords({ domain, hosts: [{ heloName }] }));
  await createZone(zone, records);
  console.log('| domains | records | synth | first plan | verify |\n| --- | --- | --- | --- | --- |');
  for (const count of counts) {
    const out = join(scratch, `domains-${count}`);
    const program = [join(scratch, 'domains-stack.js'), String(count), out];
    const synth = measured(process.execPath, program, { cwd: scratch, env: { NODE_PATH: resolve('node_modules') } });
    const cwd = join(out, 'stacks/domains');
    measured('terraform', ['init', '-input=false'], { cwd });
    const plan = measured('terraform', ['plan', '-input=false', '-no-color'], { cwd });
    const seen = verified(count);
    const cell = ({ seconds, mebibytes }: Measured) => `${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MB`;
    console.log(`| ${count} | ${count * 3 + 2} | ${cell(synth)} | ${cell(plan)} | ${cell(seen)} |`);
    rmSync(out, { recursive: true, force: true });
  }
  console.log(`\nload ${loadavg()[0]?.toFixed(1)}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
