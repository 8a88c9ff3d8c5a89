/**
 * `npm run fuzz`: feeds the readers of what others write for longer than the tests do, from a new seed each time. What fails is kept
 * in test/fuzz/cases and tried first by every test from then on. With --host the gate of a deployed host and its real Postfix read
 * the same random files; that needs root, as every lab does.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';

const whole = (least) => (text) => {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new InvalidArgumentError(`a whole number from ${least} on is expected.`);
  return Number(text);
};

const command = new Command('npm run fuzz --')
  .description('Feeds readers with what nobody expects, until one fails or the time is over.')
  .option('--seconds <n>', 'time for each reader', whole(1), 60)
  .option('--seed <n>', 'where to begin; the same seed gives the same inputs. Default: a new one', whole(0))
  .option('--target <name>', 'one reader only, e.g. spf; the names are those of the files in test/fuzz/targets')
  .option('--host', 'fragments, maps and aliases on a deployed host of the lab, in place of the readers (after npm run build)')
  .option('--no-save', 'do not keep what fails')
  .parse();
const { seconds, seed = randomInt(2 ** 31), target, host, save } = command.opts();

const tests = host
  ? ['--selectProjects', 'e2e', '--testPathPatterns', '/test/e2e/attacks', '--testNamePattern', 'random text']
  : ['--selectProjects', 'unit', '--testPathPatterns', '/test/fuzz/'];

console.log(`fuzz: seed ${seed}, ${seconds} s for each ${host ? 'kind of file' : 'reader'}`);
const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', '--runInBand', ...tests], {
  stdio: 'inherit',
  env: {
    ...process.env,
    MAILSERVER_FUZZ_SECONDS: String(seconds),
    MAILSERVER_FUZZ_SEED: String(seed),
    MAILSERVER_FUZZ_SAVE: save ? '1' : '0',
    ...(target && { MAILSERVER_FUZZ_TARGET: target }),
  },
});
console.log(`fuzz: ${status === 0 ? 'nothing found' : 'something failed'}; again with --seed ${seed}`);
process.exit(status ?? 1);
