import { UNKNOWN } from '../../../lib/provider/framework/values';
import { refusedBySes } from '../../../lib/provider/role/refused-by-ses';

const HOST = 'email-smtp.eu-central-1.amazonaws.com';

test.each([
  ['for everything', { host: HOST }],
  ['for recipients', { host: HOST, recipients: ['example.net'] }],
  ['for senders and for recipients', { host: HOST, senders: ['example.com'], recipients: ['example.net'] }],
  ['in capital letters', { host: HOST.toUpperCase() }],
])('a plan warns of Amazon SES %s, which would get bounces', (_, entry) => {
  const [warning, ...others] = refusedBySes({ relay: [{ host: 'smtp.provider.example' }, entry] });
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ severity: 'warning', attribute: [{ attribute_name: 'relay' }, { element_key_int: 1 }] });
  expect(warning?.summary).toContain('refuses bounces');
});

test.each([
  ['for senders alone', [{ host: HOST, senders: ['example.com'] }]],
  ['whose senders only the apply knows', [{ host: HOST, senders: UNKNOWN }]],
  ['whose name only the apply knows', [{ host: UNKNOWN }]],
  ['of somebody else', [{ host: 'smtp.provider.example' }]],
  ['that are none', undefined],
])('a plan says nothing of smart hosts %s', (_, relay) => {
  expect(refusedBySes({ relay })).toEqual([]);
});
