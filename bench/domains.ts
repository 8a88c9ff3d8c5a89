import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { domainRecords } from '../lib/dns';
import { lookForAgreement } from '../lib/verify/dns';

/**
 * How synth, plan and a look at DNS grow with the number of mail domains. Runs inside a lab, whose AWS and DNS it asks. Plans are
 * first plans: every record is new, and DNS is asked whether it is in the way.
 */
const scratch = process.argv[2] as string;
const counts = [20, 200, 2000];

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

function measured(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Measured {
  const rss = join(scratch, 'domains-rss');
  const begin = performance.now();
  // GNU time tells the largest resident size of any of the processes.
  const timed = ['-f', '%M', '-o', rss, command, ...args];
  const { error, status, stdout, stderr } = spawnSync('/usr/bin/time', timed, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (error) throw new Error(`${error.message}: the Debian package time has it`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr || stdout}`);
  const lines = readFileSync(rss, 'utf8').trim().split('\n');
  return { seconds: (performance.now() - begin) / 1000, mebibytes: Number(lines.at(-1)) / 1024 };
}

async function look(count: number): Promise<Measured> {
  const expectations = Array.from({ length: count }, (_, index) => `domain${index}.example`).flatMap((domain) =>
    domainRecords({ domain, heloName: 'mail.example.com' }).map(({ name, type, values }) => ({
      name,
      type: type as 'MX',
      values,
    })),
  );
  const begin = performance.now();
  const { rows } = await lookForAgreement(expectations, { resolvers: process.env.MAILSERVER_RESOLVERS?.split(',') });
  const answered = rows.filter(({ observation }) => observation.views.some(({ outcome }) => outcome !== 'timeout')).length;
  if (answered < rows.length) throw new Error(`only ${answered} of ${rows.length} names were answered for`);
  return { seconds: (performance.now() - begin) / 1000, mebibytes: process.memoryUsage().rss / 1024 / 1024 };
}

async function main(): Promise<void> {
  console.log('| domains | records | synth | first plan | look at every record |\n| --- | --- | --- | --- | --- |');
  for (const count of counts) {
    const out = join(scratch, `domains-${count}`);
    const synth = measured(process.execPath, [join(scratch, 'domains-stack.js'), String(count), out], scratch, {
      NODE_PATH: resolve('node_modules'),
    });
    const stack = join(out, 'stacks/domains');
    measured('terraform', ['init', '-input=false'], stack);
    const plan = measured('terraform', ['plan', '-input=false', '-no-color'], stack);
    const seen = await look(count);
    const cell = ({ seconds, mebibytes }: Measured) => `${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MB`;
    console.log(`| ${count} | ${count * 3 + 2} | ${cell(synth)} | ${cell(plan)} | ${cell(seen)} |`);
    rmSync(out, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
