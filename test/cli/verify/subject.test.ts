import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerifyFlags } from '../../../lib/cli/verify/flags';
import { mailServersIn } from '../../../lib/cli/verify/mail-servers-in-outputs';
import { sshLogin, targetsOf } from '../../../lib/cli/verify/subject';

const hostKey = `SHA256:${'a'.repeat(43)}`;
const value = {
  helo_name: 'mail.example.com',
  addresses: ['198.51.100.25'],
  domains: ['example.com'],
  ssh: {
    host: '198.51.100.25',
    port: null,
    private_key_path: '~/.ssh/id',
    host_key: hostKey,
    bastion: { host: '198.51.100.9', private_key_path: 'b' },
  },
};
const ssh = {
  host: '198.51.100.25',
  privateKeyPath: '~/.ssh/id',
  hostKey,
  bastion: { host: '198.51.100.9', privateKeyPath: 'b' },
};

describe('what is to be verified', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'verify-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const flags = (more: Partial<VerifyFlags>): VerifyFlags => ({ blocklists: true, smtp: true, ...more });
  const only = async (some: VerifyFlags) => {
    const [target, ...more] = await targetsOf(some);
    expect(more).toEqual([]);
    return target;
  };
  const outputs = (content: unknown) => {
    const file = join(folder, 'outputs.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  test('is in the outputs, as Terraform prints them and as cdktf writes them', () => {
    const expected = [{ ...value, ssh }];
    expect(mailServersIn({ mail_verify: { sensitive: false, type: 'x', value }, mail_ssh: { value: 'ssh x' } })).toEqual(
      expected,
    );
    expect(mailServersIn({ stack: { mail_verify: value, other_verify: 'no' } })).toEqual(expected);
  });

  test('is every mail server of the stacks, or the one that is named', async () => {
    const mail_exchangers = [
      { helo_name: 'mail.example.com', preference: 10 },
      { helo_name: 'mx.example.com', preference: 20 },
    ];
    const file = outputs({
      a_verify: { ...value, mail_exchangers },
      b_verify: { ...value, mail_exchangers, helo_name: 'mx.example.com' },
    });
    const exchangers = [
      { heloName: 'mail.example.com', preference: 10 },
      { heloName: 'mx.example.com', preference: 20 },
    ];
    expect((await targetsOf(flags({ outputs: file }))).map(({ subject }) => subject)).toEqual([
      expect.objectContaining({ heloName: 'mail.example.com', exchangers }),
      expect.objectContaining({ heloName: 'mx.example.com', exchangers }),
    ]);
    for (const more of [{ host: 'MX.example.com.' }, { helo: 'mx.example.com' }]) {
      expect(await only(flags({ outputs: file, ...more }))).toMatchObject({ subject: { heloName: 'mx.example.com' } });
    }
  });

  test('is completed by the outputs, and flags go first', async () => {
    const file = outputs({ mail_verify: { value } });
    expect(await only(flags({ outputs: file }))).toEqual({
      subject: { heloName: 'mail.example.com', addresses: ['198.51.100.25'], domains: ['example.com'] },
      connection: ssh,
    });
    expect(await only(flags({ outputs: file, ssh: false, domain: ['Example.NET.'] }))).toEqual({
      subject: { heloName: 'mail.example.com', addresses: ['198.51.100.25'], domains: ['example.net'] },
      connection: undefined,
    });
    expect((await only(flags({ outputs: file, identity: 'mine' }))).connection).toMatchObject({ privateKeyPath: 'mine' });
  });

  test('takes names in other scripts, as DNS knows them', async () => {
    expect((await only(flags({ helo: 'Mail.Bücher.example.', domain: ['bücher.example', 'BÜCHER.example.'] }))).subject).toEqual({
      heloName: 'mail.xn--bcher-kva.example',
      addresses: [],
      domains: ['xn--bcher-kva.example'],
    });
  });

  test('needs no stack when it is named', async () => {
    expect(await only(flags({ helo: 'Mail.Example.com.', ssh: 'root@h:2222' }))).toEqual({
      subject: { heloName: 'mail.example.com', addresses: [], domains: [] },
      connection: { host: 'h', user: 'root', port: 2222 },
    });
  });

  test.each<[string, () => Partial<VerifyFlags>, RegExp]>([
    ['no stack', () => ({ app: folder }), /there is no synthesised stack in .*run "cdktf synth" first/],
    [
      'outputs without a mail server',
      () => ({ outputs: outputs({ mail_ssh: { value: 'x' } }) }),
      /name no mail server.*deploy it once more/,
    ],
    [
      'another mail server',
      () => ({ outputs: outputs({ a_verify: value }), helo: 'mx.example.com' }),
      /no mail server 'mx\.example\.com' in the outputs, which have mail\.example\.com/,
    ],
    [
      'one address of several mail servers',
      () => ({
        outputs: outputs({ a_verify: value, b_verify: { ...value, helo_name: 'mx.example.com' } }),
        address: ['198.51.100.25'],
      }),
      /--address is of one mail server, and there are mail\.example\.com, mx\.example\.com: choose one with --host/,
    ],
    [
      'a host that is none of them',
      () => ({ outputs: outputs({ a_verify: value }), host: 'mx.example.com' }),
      /no mail server 'mx\.example\.com' in the outputs, which have mail\.example\.com/,
    ],
    ['no JSON', () => ({ outputs: outputs('{') }), /is not JSON/],
    ['a HELO name that is none', () => ({ helo: 'mail_1.example.com' }), /underscore/],
    ['a domain that is none', () => ({ helo: 'mail.example.com', domain: ['example'] }), /'example' is not a mail domain/],
    [
      'an address that is none',
      () => ({ helo: 'mail.example.com', address: ['198.51.100.256'] }),
      /'198\.51\.100\.256' is not an IP address/,
    ],
    [
      'an address that is private',
      () => ({ helo: 'mail.example.com', address: ['10.0.0.25'] }),
      /'10\.0\.0\.25' is an address that nobody on the internet can reach: give the one that others see/,
    ],
    ['a login that is none', () => ({ helo: 'mail.example.com', ssh: 'a@b@c' }), /is not a login/],
    [
      'a port that is none',
      () => ({ helo: 'mail.example.com', ssh: 'a@b:99999' }),
      /--ssh 'a@b:99999': '99999' is not a port: 1 to 65535/,
    ],
    [
      'outputs that are not there',
      () => ({ outputs: '/nowhere/outputs.json' }),
      /the outputs cannot be read: .*\/nowhere\/outputs\.json/,
    ],
  ])('is refused: %s', async (_, more, expected) => {
    await expect(only(flags(more()))).rejects.toThrow(expected);
  });

  test.each([
    ['host', { host: 'host' }],
    ['admin@host', { host: 'host', user: 'admin' }],
    ['admin@[2001:db8::1]:2222', { host: '2001:db8::1', user: 'admin', port: 2222 }],
    ['[2001:db8::1]', { host: '2001:db8::1' }],
  ])('a login is read: %s', (text, expected) => {
    expect(sshLogin(text)).toEqual(expected);
  });
});
