import type { ConnectionProps, MailRoleProps } from '../lib';
import type { ConnectionSettings } from '../lib/host/connection-settings';
import type { RoleSettings } from '../lib/role/settings';

/** Whether two interfaces have the same members of the same types; the compiler says no by refusing `true`. */
type Same<A, B> = [keyof A, Required<A>] extends [keyof B, Required<B>]
  ? [keyof B, Required<B>] extends [keyof A, Required<A>]
    ? true
    : false
  : false;

test('documented props and checked settings have the same members', () => {
  const connection: Same<ConnectionProps, ConnectionSettings> = true;
  const role: Same<MailRoleProps, Omit<RoleSettings, 'bindIpv4' | 'proxyAddresses' | 'stateVolume'>> = true;
  expect([connection, role]).toEqual([true, true]);
});
