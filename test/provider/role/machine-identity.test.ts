import { UNKNOWN } from '../../../lib/provider/framework/values';
import { addressOf, isSameMachine, plannedId } from '../../../lib/provider/role/machine-identity';

const ssh = { host: '198.51.100.25', port: null, host_key: null };
const prior = { ssh, instance_id: 'i-1' };

describe('the identity of a machine', () => {
  it.each([
    ['nothing changed', {}, true],
    ['the default port is written down', { ssh: { ...ssh, port: 22 } }, true],
    ['only the login changed', { ssh: { ...ssh, user: 'root', private_key_path: '~/other' } }, true],
    ['the instance id changed', { instance_id: 'i-2' }, false],
    ['the instance id is known after apply', { instance_id: UNKNOWN }, false],
    ['the address changed', { ssh: { ...ssh, host: '198.51.100.26' } }, false],
    ['the address is known after apply', { ssh: { ...ssh, host: UNKNOWN } }, false],
    ['the port changed', { ssh: { ...ssh, port: 2222 } }, false],
    ['another host key is pinned', { ssh: { ...ssh, host_key: 'SHA256:x' } }, false],
    ['the whole connection is known after apply', { ssh: UNKNOWN }, false],
  ])('when %s', (_what, change, same) => {
    expect(isSameMachine(prior, { ...prior, ...change })).toBe(same);
  });

  it('is new when there was none', () => {
    expect(isSameMachine(null, prior)).toBe(false);
  });

  it('shows as address and port', () => {
    expect(addressOf({ host: '2001:db8::25' })).toBe('[2001:db8::25]:22');
    expect(plannedId({ ssh: { host: 'mail.example.com', port: 2222 } })).toBe('mail.example.com:2222');
    expect(plannedId({ ssh: { host: UNKNOWN, port: null } })).toBe(UNKNOWN);
  });
});
