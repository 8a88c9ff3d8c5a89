import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { MailserverRole } from '../../lib/binding';
import { packageHash } from '../../lib/binding/package-hash';
import { packageInfo } from '../../lib/binding/package-info';
import { providerScript } from '../../lib/binding/provider-script';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'mailserver-synth-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));
beforeAll(() => void providerScript(), 60_000);

const { version } = packageInfo();
const mirror = (stack: string) => join(outdir, 'stacks', stack, 'terraform.d/plugins/mailserver.local/mail/mailserver');
const lockFile = (stack: string) => join(outdir, 'stacks', stack, '.terraform.lock.hcl');
const executable = (stack: string, platform: string) =>
  join(mirror(stack), version, platform, `terraform-provider-mailserver_v${version}`);

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
  it('lays the provider beside each stack, for each platform, executable and the same', () => {
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
        expect(readFileSync(executable(stack, platform)).equals(providerScript())).toBe(true);
      }
    }
  });

  it('locks every required provider, overrides included', () => {
    synthesize('one');
    const text = readFileSync(lockFile('one'), 'utf8');
    expect(text).toContain(packageHash(`terraform-provider-mailserver_v${version}`, providerScript()));
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
    rmSync(join(mirror('one'), version, 'darwin_arm64'), { recursive: true });
    synthesize('one');
    expect(readFileSync(executable('one', 'linux_amd64')).equals(providerScript())).toBe(true);
    expect(readFileSync(executable('one', 'darwin_arm64')).equals(providerScript())).toBe(true);
    expect(readdirSync(mirror('one'))).toEqual([version]);
  });
});

describe("the hash of the provider's package", () => {
  it('is that of Go modules: of the list of its files with their own hashes', () => {
    const inner = createHash('sha256').update('x').digest('hex');
    const outer = createHash('sha256').update(`${inner}  name\n`).digest('base64');
    expect(packageHash('name', Buffer.from('x'))).toBe(`h1:${outer}`);
  });
});

describe('the provider as a script', () => {
  it('is started by its first line and holds nothing of the machine that built it', () => {
    const text = providerScript().toString();
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(text).not.toContain(packageInfo().root);
  });
});
