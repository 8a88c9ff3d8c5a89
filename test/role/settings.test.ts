import { join } from 'node:path';
import { roleSettings } from '../../lib/role/settings';
import { type BadInput, type GoodInput, inputs } from './inputs';
import { setups } from './setups';

const bad = inputs<BadInput>(join(__dirname, 'bad-inputs'));
const good = inputs<GoodInput>(join(__dirname, 'good-inputs'));

/** What the settings say of one property; of the others only the HELO name is set. */
function said({ property, value }: GoodInput): string | undefined {
  const result = roleSettings.safeParse({ heloName: 'mail.example.com', [property]: value });
  return result.error?.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('\n');
}

const titled = <Case extends GoodInput>(cases: readonly Case[]) =>
  cases.map((each) => [each.property, JSON.stringify(each.value), each] as const);

describe.each(bad)('of %s', (_area, cases) => {
  it.each(titled(cases))('is refused: %s %s', (_property, _value, each) => {
    expect(said(each)).toBe(each.error);
  });
});

describe.each(good)('of %s', (_area, cases) => {
  it.each(titled(cases))('is taken: %s %s', (_property, _value, each) => {
    expect(said(each)).toBeUndefined();
  });
});

describe('the settings of the role', () => {
  it.each(Object.entries(setups))('take the setup %s', (_name, { settings }) => {
    expect(roleSettings.safeParse(settings).error?.issues).toBeUndefined();
  });

  it('have bad and good inputs for every property', () => {
    const properties = Object.keys(roleSettings.shape).sort();
    const tried = (areas: readonly [string, readonly GoodInput[]][]) =>
      [...new Set(areas.flatMap(([, cases]) => cases.map(({ property }) => property)))].sort();
    expect(tried(bad)).toEqual(expect.arrayContaining(properties));
    expect(tried(good)).toEqual(properties);
  });

  it('never repeat what may be a secret', () => {
    const messages = bad.flatMap(([, cases]) => cases.map(({ error }) => error)).join('\n');
    expect(messages).not.toMatch(/PRIVATE KEY|MIIE|user:secret/);
  });
});

describe('settings against each other', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a domain in domains and relayDomains',
      { domains: { 'example.net': {} }, relayDomains: ['Example.net'] },
      "relayDomains.0: 'Example.net' is in domains already, which says where its mail goes: leave it out here",
    ],
    [
      'what only the virus scanner refuses, without it',
      { encryptedContent: 'refuse' },
      "encryptedContent: 'refuse' needs the virus scanner, which looks for what is encrypted: set antivirus to true, or leave this out",
    ],
    [
      'a transport that shadows a delivery',
      { domains: { 'example.net': { deliverTo: 'webapp' } }, transport: { '@example.net': 'smtp:[10.0.0.5]' } },
      "transport.@example.net: '@example.net' takes the mail that domains sends to 'user-webapp:': remove one of the two",
    ],
    [
      'a map that is in the program and in a file',
      { virtualAliases: { 'a@example.com': ['b'] }, mapFiles: { virtualAliases: 'aliases' } },
      'mapFiles.virtualAliases: the map is in virtualAliases, too: put all of its entries into the file, or leave the file out',
    ],
    [
      'an unknown restriction class',
      { mainCf: { smtpd_restriction_classes: 'strict' }, accessClient: { 'example.net': 'strcit' } },
      "accessClient.example.net: 'strcit' is not an action of access(5), and Postfix would put off every mail that matches: use e.g. OK, REJECT with a text, DUNNO, DISCARD, HOLD or 550 with a text; did you mean strict?",
    ],
    [
      'a smart host for mail of a domain of this host',
      { domains: { 'example.net': {} }, relay: [{ host: 'smtp.example.org', recipients: ['Example.net'] }] },
      "relay.0.recipients.0: 'Example.net' is a mail domain of this host, whose mail stays here or has its relayTo: leave it out",
    ],
    [
      'a transport and a smart host for the same domain',
      { transport: { '@example.net': 'smtp:[10.0.0.5]' }, relay: [{ host: 'smtp.example.org', recipients: ['example.net'] }] },
      "transport.@example.net: '@example.net' is in recipients of relay, too: remove one of the two",
    ],
    [
      'a transport for all mail and a smart host',
      { transport: { '*': 'smtp:[10.0.0.5]' }, relay: [{ host: 'smtp.example.org' }] },
      "transport.*: '*' sends all mail to 'smtp:[10.0.0.5]', past relay: leave out one of the two",
    ],
    [
      'relayhost and a smart host',
      { mainCf: { relayhost: '[smtp.example.net]' }, relay: [{ host: 'smtp.example.org' }] },
      "mainCf.relayhost: 'relayhost' and relay say where the same mail goes: leave out one of the two",
    ],
    [
      'relayhost of service users and a smart host',
      { serviceUserParameters: ['relayhost'], relay: [{ host: 'smtp.example.org' }] },
      "serviceUserParameters.0: with 'relayhost' service users could send mail past relay: leave out one of the two",
    ],
  ])('are refused: %s', (_what, settings, message) => {
    const result = roleSettings.safeParse({ heloName: 'mail.example.com', ...settings });
    expect(result.error?.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)).toEqual([message]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a restriction class as action', { mainCf: { smtpd_restriction_classes: 'strict, lax' }, accessClient: { ru: 'strict' } }],
    [
      'a transport for one address of a delivered domain',
      { domains: { 'example.net': { deliverTo: 'a' } }, transport: { 'x@example.net': 'user-b:' } },
    ],
    [
      'a transport that says the same',
      { domains: { 'example.net': { deliverTo: 'a' } }, transport: { 'example.net': 'user-a:' } },
    ],
    [
      'aliases in a delivered domain',
      { domains: { 'example.net': { deliverTo: 'a' } }, virtualAliases: { 'x@example.net': ['b'] } },
    ],
    ['relayhost without a smart host', { mainCf: { relayhost: '[smtp.example.net]' }, relay: [] }],
    ['a smart host, and a transport that says nothing', { transport: { '*': ':' }, relay: [{ host: 'smtp.example.org' }] }],
  ])('are taken: %s', (_what, settings) => {
    expect(roleSettings.safeParse({ heloName: 'mail.example.com', ...settings }).error?.issues).toBeUndefined();
  });
});
