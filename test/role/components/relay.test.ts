import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../../lib/role/settings';

const PASSWORD = 'a password of the smart host';
const login = { user: 'mail', password: PASSWORD };

function rendered(changes: Partial<RoleSettings>) {
  const settings = roleSettings.parse({ heloName: 'mail.example.com', domains: { 'example.com': {} }, ...changes });
  return renderRole(settings, capacityOf(2, 4000, false));
}
const file = (state: ReturnType<typeof rendered>, path: string) => state.files.find((each) => each.path === path)?.content ?? '';
const lines = (state: ReturnType<typeof rendered>, map: string) =>
  file(state, `/etc/postfix/stack/${map}`).trim().split('\n').slice(1);
const parameter = (state: ReturnType<typeof rendered>, name: string) =>
  new RegExp(`^${name} = (.*)$`, 'm').exec(file(state, '/etc/postfix/main.d/10_role.cf'))?.[1];
const services = (state: ReturnType<typeof rendered>) =>
  file(state, '/etc/postfix/master.d/15_relay.cf')
    .split(/\n(?=\S)/)
    .slice(1);

describe('smart hosts', () => {
  it('leave a host without one as it is', () => {
    const none = rendered({});
    expect(rendered({ relay: [] })).toEqual(none);
    expect(file(none, '/etc/postfix/master.d/15_relay.cf')).toBe('');
    expect(file(none, '/etc/postfix/main.d/10_role.cf')).not.toMatch(/default_transport|relay-[0-9]/);
    expect(none.secrets).toEqual([]);
  });

  it('get everything, the next one what the first cannot be reached for', () => {
    const state = rendered({
      relay: [
        { host: 'a.example.net', login },
        { host: 'b.example.net', port: 2587, tls: 'encrypt', login },
      ],
    });
    expect(parameter(state, 'default_transport')).toBe('relay-1:[a.example.net]:587, [b.example.net]:2587');
    expect(lines(state, 'relay-tls')).toEqual(['[a.example.net]:587 secure match=a.example.net', '[b.example.net]:2587 encrypt']);
    expect(lines(state, 'relay-senders')).toEqual([]);
    expect(services(state)).toHaveLength(1);
  });

  it('get mail of sender domains and for recipient domains, each kind by a service of its own', () => {
    const state = rendered({
      relay: [
        { host: 'a.example.net', login },
        { host: 'a.example.net', login: { ...login, user: 'news' }, senders: ['news.example.com', 'Shop.example.com'] },
        { host: 'b.example.net', tls: 'may', recipients: ['slow.example', '.slow.example'] },
        { host: 'b.example.net', tls: 'may', recipients: ['other.example'] },
        { host: 'c.example.net', recipients: ['other.example'] },
      ],
    });
    expect(lines(state, 'relay-senders')).toEqual([
      '@news.example.com relay-2:[a.example.net]:587',
      '@shop.example.com relay-2:[a.example.net]:587',
    ]);
    expect(lines(state, 'relay-recipients')).toEqual([
      'slow.example relay-3:[b.example.net]:587',
      '.slow.example relay-3:[b.example.net]:587',
      'other.example relay-4:[b.example.net]:587, [c.example.net]:587',
    ]);
    expect(file(state, '/etc/postfix/main.d/10_role.cf')).toMatch(
      /transport_maps =\n.*maps\/transport,\n.*stack-transport,\n.*stack-relay-recipients/,
    );
    expect(services(state).map((text) => /sasl_auth_enable=(\w+)/.exec(text)?.[1])).toEqual(['yes', 'yes', 'no', 'no']);
  });

  it.each([
    [587, 'no', 'may'],
    [465, 'yes', 'encrypt'],
  ])('on port %i begin with TLS: %s', (port, wrapper, level) => {
    const [service = ''] = services(rendered({ relay: [{ host: 'a.example.net', port }] }));
    expect(service).toContain(`smtp_tls_wrappermode=${wrapper}\n`);
    expect(service).toContain(`smtp_tls_security_level=${level}\n`);
  });

  it('get mail from the addresses of the host, and nothing of its clients, as any other server', () => {
    const [service = ''] = services(rendered({ relay: [{ host: 'a.example.net' }] }));
    for (const option of ['inet_protocols=$outgoing_inet_protocols', 'smtp_header_checks=$outgoing_header_checks']) {
      expect(service).toContain(option);
    }
  });

  it('are not asked for anything without their password', () => {
    const [service = ''] = services(rendered({ relay: [{ host: 'a.example.net', login }] }));
    expect(service).toContain('smtp_sasl_password_maps=cdb:/var/lib/mailserver/relay/relay-1,fail:');
  });

  it('have passwords that are in no file and no command', () => {
    const { secrets, ...state } = rendered({ relay: [{ host: 'a.example.net', login: { ...login, passwordVersion: 4 } }] });
    expect(JSON.stringify(state)).not.toContain(PASSWORD);
    const key = 'relay-1 [a.example.net]:587 mail 4';
    expect(secrets).toEqual([
      { derived: 'passwords for smart hosts', name: 'relay.json', content: `${JSON.stringify({ [key]: PASSWORD })}\n` },
    ]);
    expect(state.derived.find(({ name }) => name === 'passwords for smart hosts')?.check).toContain(` '${key}'`);
  });

  it('are tried before Postfix, have their passwords before it, and mail that waits takes the new way after it', () => {
    const { validators, derived } = rendered({ relay: [{ host: 'a.example.net', login }] });
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
    expect(names(validators).slice(-2)).toEqual(['Smart hosts', 'Postfix']);
    expect(names(derived).slice(-3)).toEqual(['passwords for smart hosts', 'Postfix configuration', 'way of mail that waits']);
  });

  it('are another way when anything about them changes that mail could notice', () => {
    const way = (relay: NonNullable<RoleSettings['relay']>) =>
      rendered({ relay }).derived.find(({ name }) => name === 'way of mail that waits')?.build;
    const ways = [
      way([]),
      way([{ host: 'a.example.net' }]),
      way([{ host: 'a.example.net', port: 25 }]),
      way([{ host: 'a.example.net', senders: ['example.com'] }]),
      way([{ host: 'a.example.net', recipients: ['example.org'] }]),
    ];
    expect(new Set(ways).size).toBe(ways.length);
  });
});

describe('the pace', () => {
  it.each<[string, Partial<RoleSettings>, Record<string, string | undefined>]>([
    ['nothing', {}, { smtp_destination_concurrency_limit: undefined, smtp_destination_rate_delay: undefined }],
    [
      'of outgoing mail',
      { outgoingPace: { connections: 5 } },
      { smtp_destination_concurrency_limit: '5', smtp4_destination_concurrency_limit: '5' },
    ],
    ['of one mail at a time', { outgoingPace: { secondsBetweenMails: 2 } }, { smtp_destination_rate_delay: '2s' }],
    [
      'of outgoing mail, for a smart host that has none',
      { outgoingPace: { connections: 5 }, relay: [{ host: 'a.example.net' }] },
      { 'relay-1_destination_concurrency_limit': '5' },
    ],
    [
      'of the slowest smart host of a route',
      {
        relay: [
          { host: 'a.example.net', pace: { connections: 9 } },
          { host: 'b.example.net', pace: { connections: 3 } },
        ],
      },
      { 'relay-1_destination_concurrency_limit': '3', smtp_destination_concurrency_limit: undefined },
    ],
  ])('is %s', (_what, settings, expected) => {
    const state = rendered(settings);
    for (const [name, value] of Object.entries(expected)) expect(parameter(state, name)).toBe(value);
  });
});
