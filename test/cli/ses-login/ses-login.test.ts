import { Readable } from 'node:stream';
import { sesLoginCommand } from '../../../lib/cli/ses-login/command';
import { smtpPassword } from '../../../lib/cli/ses-login/smtp-password';

const SECRET = `some+secret+key${'0'.repeat(25)}`;
const key = (changes: object = {}) => ({ AccessKeyId: 'AKIAABCDEFGHIJKLMNOP', SecretAccessKey: SECRET, ...changes });

/** What the command prints for what it is given, or what it has to say against it. */
async function run(given: string, ...flags: readonly string[]): Promise<string> {
  let output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
  try {
    await sesLoginCommand(Readable.from([given])).parseAsync(['--region', 'eu-central-1', ...flags], { from: 'user' });
    return output;
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`;
  } finally {
    jest.restoreAllMocks();
  }
}

const answer = JSON.stringify({ AccessKey: { UserName: 'ses', Status: 'Active', ...key() } });

test.each([
  ['some+secret+key', 'eu-central-1', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
  ['another+secret+key', 'us-west-1', 'BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF'],
])('the password of %s in %s is the one that the AWS provider derives', (secret, region, password) => {
  expect(smtpPassword(secret, region)).toBe(password);
});

test('what the AWS command line prints becomes a login, as properties, as variables, or as the password alone', async () => {
  const password = smtpPassword(SECRET, 'eu-central-1');
  expect(JSON.parse(await run(answer))).toEqual({ user: 'AKIAABCDEFGHIJKLMNOP', password });
  expect(JSON.parse(await run(JSON.stringify(key()), '--variables', 'ses'))).toEqual({
    ses_user: 'AKIAABCDEFGHIJKLMNOP',
    ses_password: password,
  });
  expect(await run(answer, '--password-only')).toBe(`${password}\n`);
});

test.each([
  ['nothing', '', 'nothing on standard input'],
  ['an error page', '<html>', 'standard input is not an access key'],
  ['a key without its secret', JSON.stringify({ AccessKeyId: 'AKIAABCDEFGHIJKLMNOP' }), 'standard input is not an access key'],
  ['a temporary key', JSON.stringify(key({ AccessKeyId: 'ASIAABCDEFGHIJKLMNOP' })), 'ASIAABCDEFGHIJKLMNOP is a temporary key'],
  [
    'a password in place of the secret',
    JSON.stringify(key({ SecretAccessKey: `${SECRET}abcd` })),
    'whose secret has 40 characters',
  ],
  ['a file of another kind', 'x'.repeat(20_000), 'standard input is too long'],
])('%s is refused, and nothing of it is repeated', async (_, given, message) => {
  const said = await run(given);
  expect(said).toContain(`refused: `);
  expect(said).toContain(message);
  expect(said).not.toContain('some+secret');
});

test.each([
  ['a region that is none', ['--region', 'Frankfurt'], "--region: 'Frankfurt' is not a region"],
  ['a name that no variable can have', ['--variables', '1st'], "--variables: '1st' cannot begin the name of a variable"],
  ['two forms at once', ['--variables', 'ses', '--password-only'], 'leave out one of them'],
])('%s is refused before anything is read', async (_, flags, message) => {
  expect(await run(answer, ...flags)).toContain(message);
});

test('a terminal does not get the login, unless that is asked for', async () => {
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  try {
    expect(await run(answer)).toContain('the login would be readable on the terminal');
    expect(await run(answer, '--show')).toContain('AKIA');
  } finally {
    process.stdout.isTTY = isTTY;
  }
});
