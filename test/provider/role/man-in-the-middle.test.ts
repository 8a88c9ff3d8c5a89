import { realParts } from '../../../lib/provider/role/real-parts';
import { ManInTheMiddle } from '../../host/support/man-in-the-middle';
import { fingerprintOf, KeyFolder, newKey } from '../../host/support/ssh-server';
import { base, summaries, terraform } from '../support/role-terraform';

const said: string[] = [];
jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);

const keys = new KeyFolder();
const userKey = newKey();
const privateKeyPath = keys.write('id_ed25519', userKey.private);
const passwords = { alice: 'open sesame äöü', bob: `it's "$HOME" \`id\`` };
const cloud = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEOFAKEY000',
  AWS_SECRET_ACCESS_KEY: 'example/of/a/secret/access/key/0123456789',
  TF_TOKEN: 'example',
};

const stack = {
  helo_name: 'mail.example.com',
  domains: { 'example.com': { deliver_to: 'webapp' } },
  service_users: ['webapp'],
  smtpd_tls_chain_files: ['/etc/letsencrypt/live/mail/key.pem', '/etc/letsencrypt/live/mail/fullchain.pem'],
  submission_users: Object.fromEntries(
    Object.entries(passwords).map(([name, password]) => [name, { password, password_version: 1 }]),
  ),
};

/** Everything that would be a secret told: as it is, as JSON, shells and URLs write it, in base64 at any offset, in hex. */
const spellings = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((skip) =>
    Buffer.concat([Buffer.alloc(skip), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex'), ...base64];
};
const secrets: readonly [string, string][] = [
  ...Object.entries(passwords),
  ...Object.entries(cloud).slice(0, 2),
  ['the private key', userKey.private.split('\n')[2] as string],
];

let man: ManInTheMiddle;
beforeEach(async () => {
  Object.assign(process.env, cloud);
  said.length = 0;
  man = await ManInTheMiddle.start();
});
afterEach(async () => {
  for (const name of Object.keys(cloud)) delete process.env[name];
  await man.stop();
});
afterAll(() => keys.remove());

const told = () =>
  secrets.filter(([, secret]) => spellings(secret).some((text) => man.seen.includes(text))).map(([name]) => name);

/** An apply of the whole stack to whoever answers, by the code that works with real hosts. */
function apply(ssh: Record<string, unknown> = {}) {
  const run = terraform(undefined, realParts);
  const connection = { host: '127.0.0.1', port: man.port, private_key_path: privateKeyPath, timeout_seconds: 10, ...ssh };
  return { run, applied: run.apply({ ...base, ...stack, ssh: connection }) };
}

test('who takes the first connection of a host that is not pinned gets the configuration and no secret, as often as it is tried', async () => {
  for (let time = 0; time < 2; time++) {
    const { applied } = apply();
    expect(summaries(await applied)).toEqual([expect.stringMatching(/^error: /)]);
  }
  // The payload arrived whole, so that a secret in it would have been seen.
  expect(/smtpd_tls_chain_files =\s+.etc.letsencrypt.live.mail.key.pem/.test(man.seen.toString('latin1'))).toBe(true);
  expect(man.commands.some((command) => command.includes('complete') && command.length > 200_000)).toBe(true);
  expect(told()).toEqual([]);
});

test('the fingerprint that was trusted is shown before anything is sent to it', async () => {
  await apply().applied;
  expect(said.join('')).toContain(`host key trusted at first contact: ${fingerprintOf(man.hostKey)}`);
});

test('who takes the connection of a pinned host gets nothing at all', async () => {
  const { applied } = apply({ host_key: fingerprintOf(newKey()) });
  await expect(applied).rejects.toThrow();
  expect([man.commands, man.said]).toEqual([[], []]);
});

test('a stack that trusts the first contact sends the passwords to whoever answers', async () => {
  await apply({ trust_first_contact: true }).applied;
  expect(told().sort()).toEqual(['alice', 'bob']);
});
