import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hostPython } from '../../support/python';

const REMOTE = join(__dirname, '../../../lib/role/remote');
const SERVER = join(__dirname, '../../e2e/support/strict-relay.py');

/** The programs as a host has them, and a provider's smart host. */
let place: string;
let ports: readonly string[];
let server: ReturnType<typeof spawn>;
let answers: AsyncIterableIterator<string>;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'relay-'));
  mkdirSync(join(place, 'checks'));
  cpSync(join(REMOTE, 'relay.py'), join(place, 'relay'));
  cpSync(join(REMOTE, 'relay-session.py'), join(place, 'checks/relay_session.py'));
  cpSync(join(REMOTE, 'postfix-rules/harmless.py'), join(place, 'checks/harmless.py'));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  const files = ['-keyout', join(place, 'key.pem'), '-out', join(place, 'certificate.pem')];
  const made = ['req', '-x509', ...key, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', ...files];
  expect(spawnSync('openssl', made).status).toBe(0);
  ports = [await freePort(), await freePort()];
  const [certificate, private_] = [join(place, 'certificate.pem'), join(place, 'key.pem')];
  server = spawn(hostPython, [SERVER, '127.0.0.1', certificate, private_, ...ports], { stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: server.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  await become('well');
});
afterAll(() => {
  server?.kill();
  rmSync(place, { recursive: true, force: true });
});

async function freePort(): Promise<string> {
  const socket = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => socket.once('listening', resolve));
  const address = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return String(typeof address === 'object' && address ? address.port : 0);
}

async function become(mode: string): Promise<void> {
  server.stdin?.write(`${ports[0]} ${mode}\n`);
  await answers.next();
}

const LOGIN = 'relay-1 [localhost]:587 mail 1';

interface Wanted {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: string;
  readonly user?: string | undefined;
}

/** What a conversation finds. */
function found(relay: Wanted = {}, password: string | null = 'the right password'): { kind: string; text: string } {
  const full = { host: 'localhost', port: Number(ports[0]), tls: 'verify', user: 'mail', ...relay };
  const entry = { ...full, ...(full.user && { login: LOGIN }), senders: ['postmaster@example.com'] };
  const me = { heloName: 'mail.example.com', routes: [{ name: 'relay-1', relays: [entry] }] };
  const program = `import json, sys; sys.path.insert(0, sys.argv[1]); import relay_session as s
s.AUTHORITIES = sys.argv[2]
me, passwords = json.loads(sys.argv[3]), json.loads(sys.argv[4])
(each,) = s.tried(me, passwords).values()
print(json.dumps({"kind": each.kind, "text": each.text}))`;
  const passwords = password === null ? {} : { [LOGIN]: password };
  const args = [join(place, 'checks'), join(place, 'certificate.pem'), JSON.stringify(me), JSON.stringify(passwords)];
  const { stdout, stderr } = spawnSync(hostPython, ['-B', '-c', program, ...args], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const result = JSON.parse(stdout);
  return { ...result, text: result.text.replaceAll(String(ports[0]), 'PORT') };
}

describe('a smart host', () => {
  afterEach(() => become('well'));

  it('that takes this host is well', () => {
    expect(found()).toEqual({ kind: 'well', text: 'localhost:PORT takes this host' });
  });

  it.each<[string, string, string, string]>([
    ['busy', 'away', 'takes nothing now (421 4.7.0 too many mails, try again later)', 'if that goes on, lower the pace of relay'],
    ['down', 'away', 'cannot be reached (Connection refused)', 'see that the port of relay is right'],
    [
      'expired',
      'wrong',
      'refuses the login of mail (535 5.7.8 unknown user or wrong password)',
      'correct user and password of relay, and raise its passwordVersion',
    ],
    [
      'strange',
      'partly',
      'refuses the sender postmaster@example.com (553 5.7.1 this sender is not yours)',
      'have its operator allow the domain, or give relay the senders that it takes',
    ],
  ])('that is %s is found to be %s, in one line with the fix', async (mode, kind, what, fix) => {
    await become(mode);
    const { kind: is, text } = found();
    expect(is).toBe(kind);
    expect(text).toContain(`localhost:PORT ${what}`);
    expect(text).toContain(fix);
    expect(text).not.toContain('\n');
  });

  it.each<[string, Wanted, string | null | undefined, string, RegExp]>([
    ['another password', {}, 'a wrong one', 'wrong', /refuses the login of mail \(535/],
    ['no password', {}, null, 'away', /the password of mail for localhost:PORT is not on this host, so mail waits/],
    ['no login', { user: undefined }, null, 'wrong', /wants a login \(530 5\.7\.0 log in first\): give relay one/],
    [
      'a name that the certificate is not for',
      { host: '127.0.0.1' },
      'x',
      'wrong',
      /the certificate of 127\.0\.0\.1:PORT is not accepted \(IP address mismatch.*\): set host of relay to a name that it is for/,
    ],
    [
      'a certificate that need not be for it',
      { host: '127.0.0.1', tls: 'encrypt' },
      'the right password',
      'well',
      /takes this host/,
    ],
    [
      'TLS that it does not do without',
      { tls: 'none', user: undefined },
      undefined,
      'wrong',
      /wants a login \(530 5\.7\.0 TLS first\)/,
    ],
    ['a name that is not in DNS', { host: 'nowhere.invalid' }, 'x', 'wrong|away', /nowhere\.invalid/],
  ])('asked with %s', (_what, relay, password, kind, text) => {
    const result = found(relay, password);
    expect(result.kind).toMatch(new RegExp(`^(${kind})$`));
    expect(result.text).toMatch(text);
  });
});

describe('the passwords', () => {
  let state: string;
  let transaction: string;
  beforeEach(() => {
    state = mkdtempSync(join(place, 'state-'));
    transaction = mkdtempSync(join(place, 'transaction-'));
    mkdirSync(join(transaction, 'secrets'));
    mkdirSync(join(place, 'bin'), { recursive: true });
    // Of the compiled table only what it is made of matters here.
    writeFileSync(join(place, 'bin/postmap'), '#!/bin/sh\ncp -p "${1#cdb:}" "${1#cdb:}.cdb"\n', { mode: 0o755 });
    for (const name of ['postfix', 'postqueue']) {
      writeFileSync(join(place, `bin/${name}`), `#!/bin/sh\necho "${name} $*" >>${join(state, '../asked')}\n`, { mode: 0o755 });
    }
    writeFileSync(join(place, 'asked'), '');
  });
  const relay = (...args: string[]) => {
    const env = { PATH: `${join(place, 'bin')}:${process.env.PATH}`, RELAY_STATE: state, RELAY_TRANSACTION: transaction };
    const { status, stdout, stderr } = spawnSync(hostPython, ['-B', join(place, 'relay'), ...args], { encoding: 'utf8', env });
    return { status, said: (stdout + stderr).trim() };
  };
  const give = (passwords: Record<string, string>) =>
    writeFileSync(join(transaction, 'secrets/relay.json'), JSON.stringify(passwords));
  const other = 'relay-1 [smtp2.example.net]:587 second 1';
  const table = () => readFileSync(join(state, 'relay-1.cdb'), 'utf8');

  it('are kept in the tables of their routes, which running processes then look for, and go with their logins', () => {
    give({ [LOGIN]: 'one: two', [other]: 'x' });
    expect(relay('passwords', 'check', LOGIN, other)).toEqual({
      status: 1,
      said: 'the password of mail at [localhost]:587, version 1 is not on the host yet',
    });
    expect(relay('passwords', 'apply', LOGIN, other)).toEqual({ status: 0, said: '' });
    expect(table()).toBe('localhost mail:one: two\nsmtp2.example.net second:x\n');
    expect(readFileSync(join(place, 'asked'), 'utf8')).toBe('postfix reload\npostqueue -f\n');
    expect(relay('passwords', 'check', LOGIN, other).status).toBe(0);
    expect(relay('passwords', 'check', LOGIN)).toEqual({
      status: 1,
      said: 'the password of second at [smtp2.example.net]:587, version 1 is no longer in the stack',
    });
    expect(relay('passwords', 'apply').status).toBe(0);
    expect(spawnSync('ls', ['-A', state], { encoding: 'utf8' }).stdout).toBe('');
    expect(relay('passwords', 'check').status).toBe(0);
  });

  it('come back when the same apply is undone', () => {
    give({ [LOGIN]: 'old' });
    relay('passwords', 'apply', LOGIN);
    rmSync(join(transaction, 'secrets'), { recursive: true });
    mkdirSync(join(transaction, 'secrets'));
    const next = LOGIN.replace(/1$/, '2');
    give({ [next]: 'new' });
    expect(relay('passwords', 'apply', next).status).toBe(0);
    expect(table()).toContain('mail:new');
    expect(relay('passwords', 'apply', LOGIN).status).toBe(0);
    expect(table()).toContain('mail:old');
  });

  it('are not invented', () => {
    expect(relay('passwords', 'apply', LOGIN)).toEqual({
      status: 1,
      said: 'relay: the password of mail at [localhost]:587, version 1 is not at hand: apply the stack again',
    });
  });
});
