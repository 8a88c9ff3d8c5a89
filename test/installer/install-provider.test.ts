import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { MailserverRole } from '../../lib/constructs/resources';
import { packageHash } from '../../lib/installer/package-hash';
import { packageInfo } from '../../lib/installer/package-info';
import { providerFiles } from '../../lib/installer/provider-files';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'mailserver-synth-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));
beforeAll(() => void providerFiles(), 60_000);

const { version } = packageInfo();
const mirror = (stack: string) => join(outdir, 'stacks', stack, 'terraform.d/plugins/mailserver.local/mail/mailserver');
const lockFile = (stack: string) => join(outdir, 'stacks', stack, '.terraform.lock.hcl');
const installed = (stack: string, platform: string, name: string) => join(mirror(stack), version, platform, name);
const executable = (stack: string, platform: string) => installed(stack, platform, `terraform-provider-mailserver_v${version}`);
const isWhole = (stack: string, platform: string) =>
  providerFiles().every(({ name, content }) => readFileSync(installed(stack, platform, name)).equals(content));

function synthesize(...names: string[]) {
  const app = new App({ outdir });
  for (const name of names) {
    const stack = new TerraformStack(app, name);
    stack.addOverride('terraform.required_providers.random', { source: 'hashicorp/random', version: '3.6.0' });
    new MailserverRole(stack, 'role', { heloName: 'mail.example.com', connection: { host: '198.51.100.25' } });
  }
  app.synth();
}

describe('synthesis', () => {
  it('lays the provider next to each stack, for each platform, executable and the same', () => {
    synthesize('one', 'two');
    for (const stack of ['one', 'two']) {
      expect(readdirSync(join(mirror(stack), version)).sort()).toEqual([
        'darwin_amd64',
        'darwin_arm64',
        'linux_amd64',
        'linux_arm64',
      ]);
      for (const platform of readdirSync(join(mirror(stack), version))) {
        expect(statSync(executable(stack, platform)).mode & 0o777).toBe(0o755);
        expect(isWhole(stack, platform)).toBe(true);
      }
    }
  });

  it('locks every required provider, overrides included', () => {
    synthesize('one');
    const text = readFileSync(lockFile('one'), 'utf8');
    expect(text).toContain(packageHash(providerFiles()));
    expect(text).toContain('provider "registry.terraform.io/hashicorp/random" {\n  version     = "3.6.0"');
  });

  it('keeps the lock file of the user, and rewrites nothing that is right already', () => {
    synthesize('one');
    const locked = readFileSync(lockFile('one'), 'utf8').replace(
      'constraints = "3.6.0"',
      'constraints = "3.6.0"\n  hashes = [\n    "h1:user=",\n  ]',
    );
    writeFileSync(lockFile('one'), locked);
    const before = [statSync(lockFile('one')).ino, statSync(executable('one', 'linux_amd64')).ino];
    synthesize('one');
    expect(readFileSync(lockFile('one'), 'utf8')).toBe(locked);
    expect([statSync(lockFile('one')).ino, statSync(executable('one', 'linux_amd64')).ino]).toEqual(before);
  });

  it('repairs a provider that was changed, and clears other versions away', () => {
    synthesize('one');
    appendFileSync(executable('one', 'linux_amd64'), '// changed\n');
    rmSync(installed('one', 'linux_arm64', 'provider.js'));
    rmSync(join(mirror('one'), version, 'darwin_arm64'), { recursive: true });
    synthesize('one');
    for (const platform of ['linux_amd64', 'linux_arm64', 'darwin_arm64']) expect(isWhole('one', platform)).toBe(true);
    expect(readdirSync(mirror('one'))).toEqual([version]);
  });
});

describe("the hash of the provider's package", () => {
  it('is that of Go modules: of the list of its files with their own hashes', () => {
    const inner = (text: string) => createHash('sha256').update(text).digest('hex');
    const outer = createHash('sha256')
      .update(`${inner('y')}  first\n${inner('x')}  second\n`)
      .digest('base64');
    const files = [
      { name: 'second', content: Buffer.from('x') },
      { name: 'first', content: Buffer.from('y') },
    ];
    expect(packageHash(files)).toBe(`h1:${outer}`);
  });
});

describe('the files of the provider', () => {
  let program = '';
  let launcher = '';
  beforeAll(() => {
    [program = '', launcher = ''] = providerFiles().map(({ content }) => content.toString());
  });

  it('are started by the first line of one and hold nothing of the machine that built them', () => {
    expect(launcher.startsWith('#!/bin/sh\n')).toBe(true);
    for (const text of [program, launcher]) expect(text).not.toContain(packageInfo().root);
  });

  it('belong together: the launcher knows the program by its hash', () => {
    expect(launcher).toContain(createHash('sha256').update(program).digest('hex'));
  });

  it('have one byte a character, as the launcher reads them', () => {
    expect(Buffer.byteLength(program)).toBe(program.length);
  });
});
