import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, createWriteStream, openSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { connectHost } from '../lib/host/connect';
import type { ConnectionSettings } from '../lib/host/connection-settings';
import { deployedRole } from './deployed-role';

/**
 * How synth, plan and apply grow with the entries of a map that comes from a file, next to bare postmap of the same file on the same
 * host. Runs inside a lab, on its mail host, which has another configuration afterwards.
 */
const scratch = process.argv[2] as string;
const counts = (process.argv[3] ?? '10000,100000,1000000').split(',').map(Number);
const targets = { synthAndPlan: 10, mebibytes: 300, applyTimes: 1.2, applySeconds: 10, oneLine: 5 };

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** GNU time tells the largest resident size of any of the processes. */
function measured(command: string, args: readonly string[], cwd: string): Measured {
  const rss = join(scratch, 'lists-rss');
  const file = openSync('/dev/null', 'w');
  const begin = performance.now();
  const timed = ['-f', '%M', '-o', rss, command, ...args];
  const { error, status, stderr } = spawnSync('/usr/bin/time', timed, { cwd, stdio: ['ignore', file, 'pipe'], encoding: 'utf8' });
  const seconds = (performance.now() - begin) / 1000;
  closeSync(file);
  if (error) throw new Error(`${error.message}: the Debian package time has it`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stderr}`);
  return { seconds, mebibytes: Number(readFileSync(rss, 'utf8').trim().split('\n').at(-1)) / 1024 };
}

async function writeAliases(path: string, count: number): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < count; index++) {
    const line = `user${index}@aliases.example target${index % 1000}@app.example.net\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** What the host needs for the table alone, in seconds. */
async function barePostmap(connection: ConnectionSettings): Promise<number> {
  const host = await connectHost(connection);
  try {
    const script = `set -e
      folder=$(mktemp -d)
      trap 'rm -rf "$folder"' EXIT
      cp /etc/mail/virtual-aliases "$folder/aliases"
      start=$(date +%s%N)
      postmap cdb:"$folder/aliases"
      echo $(($(date +%s%N) - start))`;
    const { code, stdout, stderr } = await host.exec(script, { timeoutSeconds: 300 });
    if (code !== 0) throw new Error(stderr);
    return Number(stdout.toString()) / 1e9;
  } finally {
    await host.close();
  }
}

async function main(): Promise<void> {
  const { connection, attributes } = deployedRole(join(process.env.CDKTF_OUTPUT as string, 'stacks/mail'));
  const folder = join(scratch, 'lists');
  const aliases = join(scratch, 'aliases');
  const cwd = join(folder, 'stacks/lists');
  const program = [join(scratch, 'lists-stack.js'), folder, aliases, JSON.stringify(connection), String(attributes.helo_name)];
  process.env.NODE_PATH = resolve(process.argv[4] ?? '.', 'node_modules');
  const synth = () => measured(process.execPath, program, scratch);
  const plan = () => measured('terraform', ['plan', '-input=false', '-out=plan'], cwd);
  const apply = () => measured('terraform', ['apply', '-input=false', 'plan'], cwd);

  // From here on only the list changes.
  await writeAliases(aliases, 10);
  synth();
  measured('terraform', ['init', '-input=false'], cwd);
  plan();
  apply();

  const verdict = (met: boolean) => (met ? 'met' : '**missed**');
  const cell = ({ seconds, mebibytes }: Measured) => `${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MB`;
  console.log('| entries | synth | plan | apply | bare `postmap` | one line changed: plan | apply | targets |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const count of counts) {
    await writeAliases(aliases, count);
    const [synthesised, planned, applied] = [synth(), plan(), apply()];
    const postmap = await barePostmap(connection);
    appendFileSync(aliases, 'new@aliases.example target@app.example.net\n');
    synth();
    const [planOfOne, applyOfOne] = [plan(), apply()];
    const met = [
      `synth + plan <= ${targets.synthAndPlan} s: ${verdict(synthesised.seconds + planned.seconds <= targets.synthAndPlan)}`,
      `<= ${targets.mebibytes} MB: ${verdict(Math.max(synthesised.mebibytes, planned.mebibytes, applied.mebibytes) <= targets.mebibytes)}`,
      `apply <= ${targets.applyTimes} times bare + ${targets.applySeconds} s: ${verdict(applied.seconds <= targets.applyTimes * postmap + targets.applySeconds)}`,
      `plan of one line <= ${targets.oneLine} s: ${verdict(planOfOne.seconds <= targets.oneLine)}`,
    ].join(', ');
    const cells = [
      cell(synthesised),
      cell(planned),
      cell(applied),
      `${postmap.toFixed(2)} s`,
      cell(planOfOne),
      cell(applyOfOne),
      met,
    ];
    console.log(`| ${count.toLocaleString('en')} | ${cells.join(' | ')} |`);
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(aliases);
  console.log(`\nload ${loadavg()[0]?.toFixed(1)}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
