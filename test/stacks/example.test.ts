import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Testing } from 'cdktf';
import { ExampleStack } from '../../stacks/example';
import { settingsFromEnvironment } from '../../stacks/settings';
import { fixedPublicKey } from '../support/keys';

const root = join(__dirname, '../..');
let folder: string;
let publicKeyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-stacks-'));
  publicKeyFile = join(folder, 'id.pub');
  writeFileSync(publicKeyFile, `${fixedPublicKey}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function example(env: Record<string, string> = {}): string {
  const settings = settingsFromEnvironment({ MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile, ...env });
  return Testing.synth(new ExampleStack(new App(), 'mail', settings), true);
}

/** Synthesises a program of `stacks` as a user does, and gives the JSON of its only stack. */
function synthesised(program: string): string {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, CDKTF_OUTDIR: folder, MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile };
  execFileSync(process.execPath, ['--import', 'tsx', `stacks/${program}`], { cwd: root, stdio: 'pipe', env });
  const [stack = ''] = readdirSync(join(folder, 'stacks'));
  return readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8');
}

test('the example is the same on every machine', () => {
  const json = synthesised('main.ts');
  expect(json).not.toContain(root);
  expect(json).not.toContain(folder);
  expect(JSON.parse(json).terraform.backend).toEqual({ local: { path: 'terraform.tfstate' } });
}, 60_000);

test('the example for a machine that is there synthesises', () => {
  expect(JSON.parse(synthesised('existing-host.ts')).resource).toHaveProperty('mailserver_role');
}, 60_000);

test('the example takes names, zone, region and networks from the environment', () => {
  const { provider, resource, data } = JSON.parse(
    example({
      AWS_REGION: 'eu-west-1',
      MAILSERVER_DOMAIN: 'example.org',
      MAILSERVER_ZONE_SOURCE: 'lookup',
      MAILSERVER_ADMIN_CIDR: '198.51.100.64/28',
    }),
  );
  expect(provider.aws).toEqual([{ region: 'eu-west-1' }]);
  expect(Object.values(data.aws_route53_zone)).toEqual([expect.objectContaining({ name: 'example.org' })]);
  expect(JSON.stringify(resource)).toContain('10 mail.example.org.');
  expect(JSON.stringify(resource)).toContain('198.51.100.64/28');
});

test('the example keeps the path of the private key and never reads the key', () => {
  const keyFile = join(folder, 'id');
  writeFileSync(keyFile, 'the private key');
  const json = example({ MAILSERVER_SSH_PRIVATE_KEY_FILE: keyFile });
  expect(json).toContain(keyFile);
  expect(json).not.toContain('the private key');
});

test('the example says what to do when there is no key', () => {
  expect(() => example({ MAILSERVER_SSH_PUBLIC_KEY_FILE: join(folder, 'none.pub') })).toThrow(
    /cannot read the public SSH key.*ssh-keygen -t ed25519.*MAILSERVER_SSH_PUBLIC_KEY_FILE/s,
  );
});

test('the example refuses a zone source that is none', () => {
  expect(() => example({ MAILSERVER_ZONE_SOURCE: 'find' })).toThrow(`MAILSERVER_ZONE_SOURCE is 'find'; use 'create' or 'lookup'`);
});
