import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StackFlags, synthesisedStacks } from '../../lib/cli/deployed-stacks';
import { verifyOptions } from '../../lib/cli/verify/flags';
import { zoneCommand } from '../../lib/cli/zone/command';

let app: string;
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'mailserver-stacks-'));
});
afterEach(() => rmSync(app, { recursive: true, force: true }));

function addStacks(output: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(app, output, 'stacks', name), { recursive: true });
    writeFileSync(join(app, output, 'stacks', name, 'cdk.tf.json'), '{}');
  }
}

const found = (flags: StackFlags = {}, env: NodeJS.ProcessEnv = {}) =>
  [...synthesisedStacks({ app, ...flags }, env)].map(([name, folder]) => `${name} ${folder.slice(app.length + 1)}`);

test.each<[string, string, string | undefined, NodeJS.ProcessEnv]>([
  ['the folder that cdktf writes to by default', 'cdktf.out', undefined, {}],
  ['the folder that cdktf.json names', 'out', '{ "output": "out" }', {}],
  [
    'the folder that CDKTF_OUTDIR names, whatever cdktf.json says',
    'elsewhere',
    '{ "output": "out" }',
    { CDKTF_OUTDIR: 'elsewhere' },
  ],
  ['the folder that CDKTF_OUTPUT names', 'elsewhere', undefined, { CDKTF_OUTPUT: 'elsewhere' }],
])('stacks are found in %s', (_, output, config, env) => {
  if (config !== undefined) writeFileSync(join(app, 'cdktf.json'), config);
  addStacks(output, 'mail');
  expect(found({}, env)).toEqual([`mail ${output}/stacks/mail`]);
});

test('all stacks are looked at, or the one that is named', () => {
  addStacks('cdktf.out', 'host', 'mail');
  mkdirSync(join(app, 'cdktf.out/stacks/left-over'));
  expect(found().sort()).toEqual(['host cdktf.out/stacks/host', 'mail cdktf.out/stacks/mail']);
  expect(found({ stack: 'mail' })).toEqual(['mail cdktf.out/stacks/mail']);
});

test('a folder that --output names goes before everything else', () => {
  addStacks('there', 'mail');
  expect(found({ output: join(app, 'there') }, { CDKTF_OUTDIR: 'elsewhere' })).toEqual(['mail there/stacks/mail']);
});

test('no stack, another stack, and a broken cdktf.json are errors with the fix', () => {
  expect(() => found()).toThrow(`there is no synthesised stack in ${app}/cdktf.out/stacks: run "cdktf synth" first`);
  addStacks('cdktf.out', 'host', 'mail');
  expect(() => found({ stack: 'none' })).toThrow("there is no stack 'none' in");
  expect(() => found({ stack: 'none' })).toThrow('name one of host, mail with --stack');
  writeFileSync(join(app, 'cdktf.json'), '{');
  expect(() => found()).toThrow(`${app}/cdktf.json is not JSON: `);
});

test('verify and zone find the deployed stacks by the same flags', () => {
  const flags = (command: { options: readonly { long?: string | null }[] }) => command.options.map(({ long }) => long);
  for (const command of [verifyOptions(), zoneCommand()])
    expect(flags(command)).toEqual(expect.arrayContaining(['--app', '--output', '--stack']));
});
