import { capacityOf } from '../../../lib/role/capacity';
import { POOLED_SENDERS } from '../../../lib/role/components/postgrey';
import { renderRole } from '../../../lib/role/render';
import { roleSettings } from '../../../lib/role/settings';

/** Who passes greylisting at once: names of the stack, and whether Debian's list counts. */
function passing(neverGreylisted?: readonly string[]) {
  const settings = roleSettings.parse({ heloName: 'mail.example.com', ...(neverGreylisted && { neverGreylisted }) });
  const { files } = renderRole(settings, capacityOf(2, 4000, false));
  const content = (path: string) => files.find((file) => file.path === path)?.content ?? '';
  const names = content('/etc/postgrey/whitelist_clients.stack')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  return { names, ofDebian: content('/etc/default/postgrey').includes('/etc/postgrey/whitelist_clients ') };
}

test("those on Debian's list and the role's are not greylisted where the stack says nothing", () => {
  expect(passing()).toEqual({ names: POOLED_SENDERS, ofDebian: true });
});

test('those that the stack names are not greylisted, and no others', () => {
  for (const names of [['partner.example', '203.0.113.0/24'], []]) expect(passing(names)).toEqual({ names, ofDebian: false });
});
