import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../../lib/role/settings';
import { warmUpSchedule } from '../../../lib/role/warm-up-schedule';

function rendered(changes: Partial<RoleSettings>) {
  const settings = roleSettings.parse({ heloName: 'mail.example.com', ...changes });
  return renderRole(settings, capacityOf(2, 4000, false));
}
const file = (state: ReturnType<typeof rendered>, path: string) => state.files.find((each) => each.path === path)?.content ?? '';

describe('the slow start of a new address', () => {
  it('begins with five minutes between mails to a domain, which become fewer by the same factor every day', () => {
    expect(warmUpSchedule({ days: 14 })).toEqual([300, 200, 133, 88, 59, 39, 26, 17, 12, 8, 5, 3, 2, 2]);
    expect(warmUpSchedule({ days: 1 })).toEqual([300]);
    const longest = warmUpSchedule({ days: 60 });
    expect(longest).toEqual([...longest].sort((one, other) => other - one));
    expect(longest.at(-1)).toBe(1);
  });

  it('has its whole schedule in the plan, with the addresses that it is for', () => {
    const state = rendered({ bindIpv4: '10.0.0.5', proxyAddresses: ['198.51.100.25'], outgoingPace: { warmUp: { days: 3 } } });
    expect(JSON.parse(file(state, '/usr/lib/mailserver/warm-up.json'))).toEqual({
      addresses: ['198.51.100.25'],
      transports: ['smtp', 'smtp4'],
      secondsBetweenMails: 0,
      schedule: { 'day 1': 300, 'day 2': 45, 'day 3': 7 },
    });
    expect(state.programs?.folderOf('/usr/lib/mailserver/warm-up.json')).toBeUndefined();
  });

  it('takes the place of the common pause, which counts again after it', () => {
    const state = rendered({ outgoingPace: { secondsBetweenMails: 5, warmUp: { days: 3 } } });
    expect(file(state, '/etc/postfix/main.d/10_role.cf')).not.toContain('rate_delay');
    expect(JSON.parse(file(state, '/usr/lib/mailserver/warm-up.json')).secondsBetweenMails).toBe(5);
  });

  it('is brought about before Postfix, which takes over the pause of the day', () => {
    const names = rendered({ outgoingPace: { warmUp: { days: 3 } } }).derived.map(({ name }) => name);
    const place = names.indexOf('pace of a new address');
    expect(place).toBeGreaterThan(-1);
    expect(place).toBeLessThan(names.indexOf('Postfix configuration'));
  });

  it('leaves nothing behind where it is taken out of the stack', () => {
    const { derived, files, services } = rendered({});
    expect(derived.find(({ name }) => name === 'pace of a new address')).toMatchObject({
      check: 'test ! -e /etc/postfix/main.d/12_warm-up.cf',
      build: 'rm -f /etc/postfix/main.d/12_warm-up.cf',
    });
    expect([...files.map(({ path }) => path), ...services.map(({ unit }) => unit)].join()).not.toContain('warm-up');
  });
});

test.each([
  ['how old an address is', { outgoingPace: { warmUp: { days: 3 } } }, '/var/lib/mailserver/warm-up'],
  ['passwords for smart hosts', { relay: [{ host: 'a.example.net' }] }, '/var/lib/mailserver/relay'],
])('the state volume keeps %s for the next instance', (_, changes, folder) => {
  const stateVolume = { volumeId: 'vol-0123456789abcdef0' };
  expect(rendered({ ...changes, stateVolume }).volume?.directories).toContain(folder);
  expect(rendered({ stateVolume }).volume?.directories).not.toContain(folder);
});

test('a parameter of the stack that would overrule the pause of the day is refused', () => {
  const parsed = roleSettings.safeParse({
    heloName: 'mail.example.com',
    outgoingPace: { warmUp: { days: 3 } },
    mainCf: { smtp_destination_rate_delay: '1s' },
  });
  expect(parsed.error?.issues).toMatchObject([
    { path: ['mainCf', 'smtp_destination_rate_delay'], message: expect.stringContaining('leave out one of the two') },
  ]);
});
