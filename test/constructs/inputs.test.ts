import { join } from 'node:path';
import { ec2HostSettings } from '../../lib/constructs/aws/ec2-host-settings';
import { route53Settings } from '../../lib/constructs/aws/route53-settings';
import { sesRelaySettings } from '../../lib/constructs/aws/ses-relay-settings';
import { externalDnsSettings } from '../../lib/constructs/dns/external-dns';
import { existingHostSettings } from '../../lib/constructs/host/existing-host';
import { mailServerSettings } from '../../lib/constructs/mail-server/mail-server-settings';
import { type BadInput, inputs } from '../role/inputs';
import { newStack, refusal } from '../support/synth';
import { build, type ConstructInput } from './inputs/build';

const bad = inputs<BadInput & ConstructInput>(join(__dirname, 'inputs/bad'));
const good = inputs<ConstructInput>(join(__dirname, 'inputs/good'));

const titled = <Case extends ConstructInput>(cases: readonly Case[]) =>
  cases.map((each) => [each.property, JSON.stringify(each.value), each] as const);

describe.each(bad)('%s', (construct, cases) => {
  test.each(titled(cases))('refuses %s %s', (_property, _value, each) => {
    const said = refusal((stack) => void build(stack, construct, each));
    expect(said.replace(/\(at .*\)$/s, '').trim()).toBe(each.error);
    expect(said).toMatch(construct === 'split-dns' ? /\(at SplitDns\)$/ : /\(at test\/it(\/[^)]*)?\)$/);
  });
});

describe.each(good)('%s', (construct, cases) => {
  test.each(titled(cases))('takes %s %s', (_property, _value, each) => {
    newStack((stack) => void build(stack, construct, each));
  });
});

test.each([
  ['ec2-host', Object.keys(ec2HostSettings.shape)],
  ['existing-host', Object.keys(existingHostSettings.shape)],
  ['external-dns', Object.keys(externalDnsSettings.shape)],
  ['mail-server', [...Object.keys(mailServerSettings.shape), 'spf', 'dmarc', 'domainRecords']],
  ['route53-dns', Object.keys(route53Settings.shape)],
  ['ses-relay', Object.keys(sesRelaySettings.shape)],
  ['split-dns', ['parts']],
])('%s has bad and good inputs for every property', (construct, properties) => {
  const tried = (areas: readonly [string, readonly ConstructInput[]][]) =>
    new Set(areas.filter(([name]) => name === construct).flatMap(([, cases]) => cases.map(({ property }) => property)));
  expect([...tried(bad)]).toEqual(expect.arrayContaining(properties));
  expect([...tried(good)].sort()).toEqual([...properties].sort());
});

test('a mistake in every property is reported with all others at once', () => {
  const said = refusal(
    (stack) =>
      void build(stack, 'ec2-host', {
        property: 'ami',
        value: 'debian-13',
        with: { rootVolumeGiB: 1, adminCidrs: ['10.0.0.1/8'] },
      }),
  );
  expect(said).toMatch(/^3 settings are wrong:\n/);
  expect(said).toMatch(/ami: .*\n.*rootVolumeGiB: |adminCidrs\.0: .*\n/);
});
