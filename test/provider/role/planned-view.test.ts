import { UNKNOWN } from '../../../lib/provider/framework/values';
import { plannedView, type Render } from '../../../lib/provider/role/planned-view';
import { fakeRole } from '../support/fake-host';

const onKnownMachine: Render = (settings) => fakeRole.renderRole(settings, fakeRole.capacityOf(2, 4096, false));
const onUnknownMachine: Render = (settings, placeholder) => fakeRole.renderRole(settings, fakeRole.unknownCapacity(placeholder));
const files = (settings: Record<string, unknown>, render = onKnownMachine) => plannedView(settings, render).files;

describe('what a plan promises', () => {
  it('is every file when everything is known', () => {
    expect(files({ heloName: 'mail.example.com' })).toEqual({
      '/etc/workers': '10\n',
      '/etc/name': 'MAIL.EXAMPLE.COM\n',
      '/etc/size': 'default\n',
    });
  });

  it('leaves open what follows from a machine that is not there yet', () => {
    expect(files({ heloName: 'mail.example.com' }, onUnknownMachine)).toEqual({
      '/etc/workers': UNKNOWN,
      '/etc/name': 'MAIL.EXAMPLE.COM\n',
      '/etc/size': 'default\n',
    });
  });

  it('leaves open the files of an unknown string, even where rendering changes its letters', () => {
    expect(files({ heloName: UNKNOWN })).toMatchObject({ '/etc/name': UNKNOWN, '/etc/size': 'default\n' });
  });

  it('leaves all files open when an unknown optional value may add one', () => {
    expect(files({ heloName: 'mail.example.com', bindIpv6: UNKNOWN })).toBe(UNKNOWN);
  });

  it('still promises the other maps then', () => {
    expect(plannedView({ heloName: 'a.b', bindIpv6: UNKNOWN }, onKnownMachine).packages).toEqual({});
  });

  it('finds unknown strings inside lists, maps and objects', () => {
    const deep = {
      heloName: 'a.b',
      transport: { 'example.com': UNKNOWN },
      proxyAddresses: [UNKNOWN],
      stateVolume: { volumeId: UNKNOWN },
    };
    const seen: unknown[] = [];
    plannedView(deep, (settings, placeholder) => {
      seen.push(settings.transport, settings.proxyAddresses, settings.stateVolume?.volumeId);
      return onUnknownMachine(settings, placeholder);
    });
    expect(JSON.stringify(seen)).not.toContain('known after apply');
    expect(seen).toHaveLength(9);
  });

  it.each([
    ['a number', { heloName: 'a.b', messageSizeLimit: UNKNOWN }],
    ['a switch', { heloName: 'a.b', antivirus: UNKNOWN }],
    ['a list', { heloName: 'a.b', relayDomains: UNKNOWN }],
    ['a map', { heloName: 'a.b', transport: UNKNOWN }],
  ])('promises nothing when %s is unknown', (_what, settings) => {
    expect(new Set(Object.values(plannedView(settings, onKnownMachine)))).toEqual(new Set([UNKNOWN]));
  });

  it('promises nothing when a rule stumbles over a placeholder', () => {
    const strict: Render = (settings, placeholder) => {
      if (settings.bindIpv4 && !/^[0-9.]+$/.test(settings.bindIpv4)) throw new Error('not an address');
      return onUnknownMachine(settings, placeholder);
    };
    expect(files({ heloName: 'a.b', bindIpv4: UNKNOWN }, strict)).toBe(UNKNOWN);
  });

  it('passes on what is wrong with settings that are known', () => {
    const tooSmall: Render = (settings) => fakeRole.renderRole(settings, fakeRole.capacityOf(1, 900, true));
    expect(() => plannedView({ heloName: 'a.b', antivirus: true }, tooSmall)).toThrow('this host has 900 MiB');
  });
});
