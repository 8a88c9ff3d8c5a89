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
  const settings = settingsFromEnvironment({ MAILSERVER_LAB: 'lab', MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile, ...env });
  return Testing.synth(new ExampleStack(new App(), 'mail', settings), true);
}

/** Synthesises a program of `stacks` as a user does, and gives the JSON of its only stack. */
function synthesised(program: string): string {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, CDKTF_OUTDIR: folder, MAILSERVER_LAB: 'lab', MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile };
  execFileSync(process.execPath, ['--import', 'tsx', `stacks/${program}`], { cwd: root, stdio: 'pipe', env });
  const [stack = ''] = readdirSync(join(folder, 'stacks'));
  return readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8');
}

test('the example is the same on every machine', () => {
  const json = synthesised('main.ts');
  expect(json).not.toContain(root);
  expect(json).not.toContain(folder);
  expect(JSON.parse(json).terraform.backend).toEqual({ local: { path: '../../../state/mail.tfstate' } });
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

test('the example takes a zone by its id where only that tells which one is meant', () => {
  const { resource, data } = JSON.parse(example({ MAILSERVER_ZONE_ID: 'Z0123456789' }));
  expect(resource).not.toHaveProperty('aws_route53_zone');
  expect(data).not.toHaveProperty('aws_route53_zone.dns_examplecom');
  expect(JSON.stringify(resource.aws_route53_record)).toContain('Z0123456789');
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

describe('outside of the lab', () => {
  const own = { MAILSERVER_LAB: '', MAILSERVER_DOMAIN: 'our-mail.dev', MAILSERVER_ADMIN_CIDR: '8.8.4.0/24' };
  const needs = (problem: string) => `the example needs names and networks of yours outside of the lab:\n${problem}`;
  const reserved = (name: string, variable: string) =>
    expect.stringContaining(needs(`  - '${name}' is a reserved name, which nobody can own: set ${variable} to `));
  const documentation = (cidr: string) =>
    expect.stringContaining(
      `  - '${cidr}' is a network of documentation, from which nobody can log in: set MAILSERVER_ADMIN_CIDR`,
    );
  const refusal = (env: Record<string, string>) => {
    try {
      example({ ...own, ...env });
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  test.each([
    ['example.com', 'MAILSERVER_DOMAIN'],
    ['team.Example.org', 'MAILSERVER_DOMAIN'],
    ['example.net.', 'MAILSERVER_DOMAIN'],
    ['mail.test', 'MAILSERVER_DOMAIN'],
    ['mail.invalid', 'MAILSERVER_DOMAIN'],
    ['host.localhost', 'MAILSERVER_DOMAIN'],
    ['mail.example.com', 'MAILSERVER_HELO_NAME'],
    ['example.edu.example', 'MAILSERVER_ZONE'],
  ])('the example refuses the reserved name %s in %s', (name, variable) => {
    expect(refusal({ [variable]: name })).toEqual(reserved(name, variable));
  });

  test.each(['192.0.2.0/24', '198.51.100.1/32', '203.0.113.7/32'])('the example refuses the network %s', (cidr) => {
    expect(refusal({ MAILSERVER_ADMIN_CIDR: cidr })).toEqual(documentation(cidr));
  });

  test('everything that is missing is reportedat once', () => {
    const said = refusal({ MAILSERVER_DOMAIN: '', MAILSERVER_ADMIN_CIDR: '' });
    expect(said).toEqual(reserved('example.com', 'MAILSERVER_DOMAIN'));
    expect(said).toEqual(documentation('198.51.100.1/32'));
  });

  test.each(['notexample.com', 'example.com.au', 'testing.eu', 'contest.org'])('%s is not a reserved name', (domain) => {
    expect(refusal({ MAILSERVER_DOMAIN: domain })).toBeUndefined();
  });

  test('the zone is looked up unless it is to be made, and the host has a network and a type that every account can have', () => {
    const { data, resource } = JSON.parse(example(own));
    expect(Object.values(data.aws_route53_zone)).toEqual([expect.objectContaining({ name: 'our-mail.dev' })]);
    expect(resource).toHaveProperty('aws_vpc');
    expect(Object.values(resource.aws_instance)).toEqual([expect.objectContaining({ instance_type: 'c7i-flex.large' })]);
  });
});
