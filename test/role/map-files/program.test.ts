import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import type { MailServerProps } from '../../../lib';
import { existingMailServer } from '../../support/mail-stack';
import { all, only, refusal, synthesise } from '../../support/synth';

const back = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-program-'));
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'cdktf.json'), '{}');
  writeFileSync(join(folder, 'aliases.txt'), 'info@Example.net app@example.com\nb@example.com c@example.com\n');
  process.chdir(join(folder, 'below'));
});
afterEach(() => {
  process.chdir(back);
  rmSync(folder, { recursive: true, force: true });
});

const mapFiles = { virtualAliases: 'aliases.txt' };
const dns = (props: Partial<MailServerProps>) => synthesise((stack) => void existingMailServer(stack, props)).resource;

test('a path is relative to the folder of cdktf.json, and the file is copied into the stack that is deployed', () => {
  const outdir = join(folder, 'out');
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, 'mailstack');
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  const { role } = existingMailServer(stack, { mapFiles, mxDomains: ['example.com'] });
  app.synth();
  const written = readFileSync(join(outdir, 'stacks/mailstack/cdk.tf.json'), 'utf8');
  const path = JSON.parse(written).resource.mailserver_role[role.friendlyUniqueId].map_files.virtual_aliases;
  expect(path).toMatch(/^assets\/.*\/current\/aliases\.txt$/);
  expect(readFileSync(join(outdir, 'stacks/mailstack', path), 'utf8')).toContain('info@Example.net');
  expect(written).not.toContain(join(folder, 'aliases.txt'));
});

test('the path in the stack stays the same when the content changes, so that a plan shows only that', () => {
  const placed = () => only(dns({ mapFiles, mxDomains: ['example.com'] }), 'mailserver_role').map_files;
  const before = placed();
  writeFileSync(join(folder, 'aliases.txt'), 'b@example.com d@example.com\n');
  expect(placed()).toEqual(before);
});

test('domains that only the file names are mail domains with records, as those in the program are', () => {
  writeFileSync(join(folder, 'relayed'), 'sub.example.com\n.partner.example.com\n');
  writeFileSync(join(folder, 'aliases.txt'), 'info@aliases.example.com app@example.com\n');
  const records = all(
    dns({ mapFiles: { ...mapFiles, relayDomains: '../'.concat(folder.split('/').at(-1) as string, '/relayed') } }),
    'aws_route53_record',
  );
  const exchangers = records.filter(({ type }) => type === 'MX').map(({ name }) => name);
  expect(exchangers.sort()).toEqual(['aliases.example.com', 'example.com', 'sub.example.com']);
});

test('a path that is known after apply is left to the plan', () => {
  const { mailserver_role } = synthesise((stack) => {
    const path = new TerraformVariable(stack, 'path', { type: 'string' }).stringValue;
    existingMailServer(stack, { mapFiles: { virtualAliases: path } });
  }).resource;
  expect(Object.values(mailserver_role ?? {})[0]?.map_files).toMatchObject({ virtual_aliases: '${var.path}' });
});

test.each<[string, () => Partial<MailServerProps>, string]>([
  [
    'a file that is not there',
    () => ({ mapFiles: { transport: 'gone' } }),
    'mapFiles.transport: gone: does not exist: a path is relative to the folder of cdktf.json (at test/mail)',
  ],
  [
    'a link to itself',
    () => {
      symlinkSync('loop', join(folder, 'loop'));
      return { mapFiles: { transport: 'loop' } };
    },
    'mapFiles.transport: loop: is a symbolic link that leads to itself (at test/mail)',
  ],
  [
    'an entry that is wrong, with its line',
    () => {
      writeFileSync(join(folder, 'aliases.txt'), 'a@example.com b@example.com\nc@example.com |d\n');
      return { mapFiles };
    },
    "mapFiles.virtualAliases: aliases.txt:2: '|d' is not an address: commands and files are targets of localAliases only (at test/mail)",
  ],
  [
    'an entry against the settings of the program',
    () => {
      writeFileSync(join(folder, 'aliases.txt'), 'example.com smtp:[10.0.0.5]\n');
      return { mapFiles: { transport: 'aliases.txt' } };
    },
    "mapFiles.transport: aliases.txt:1: 'example.com' takes the mail that domains sends to 'user-webapp:': remove one of the two (at test/mail)",
  ],
  [
    'a map that is in the program, too',
    () => ({ mapFiles, virtualAliases: { 'a@example.com': ['b@example.com'] } }),
    "mapFiles.virtualAliases: 'aliases.txt': the map is in virtualAliases, too: put all of its entries into the file, or leave the file out (at test/mail)",
  ],
])('%s is refused when the program runs', (_, props, message) => {
  const given = props();
  expect(refusal((stack) => void existingMailServer(stack, given))).toBe(message);
});

test('entries are judged at plan when the program does not know what they are judged by', () => {
  writeFileSync(join(folder, 'aliases.txt'), 'spam.example later\n');
  const judged = (value: string) =>
    refusal(
      (stack) =>
        void existingMailServer(stack, {
          mapFiles: { accessSender: 'aliases.txt' },
          mainCf: { smtpd_restriction_classes: value },
        }),
    );
  expect(judged('other')).toContain("aliases.txt:1: 'later' is not an action");
  expect(() =>
    synthesise((stack) => {
      const classes = new TerraformVariable(stack, 'classes', { type: 'string' }).stringValue;
      existingMailServer(stack, { mapFiles: { accessSender: 'aliases.txt' }, mainCf: { smtpd_restriction_classes: classes } });
    }),
  ).not.toThrow();
});
