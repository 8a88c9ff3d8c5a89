import { systemAliases } from '../../../lib/role/components/aliases';
import { recipientFaults } from '../../../lib/role/recipients/judge';
import { type End, World } from '../../../lib/role/recipients/world';

/** What Debian's Postfix has written on a host that it was on before the role, and what an administrator may have made of it. */
const ETC_ALIASES: readonly Readonly<Record<string, readonly string[]>>[] = [
  {},
  { postmaster: ['root'] },
  { postmaster: ['root'], abuse: ['root'], webmaster: ['root'] },
  { 'mailer-daemon': ['postmaster'], postmaster: ['root'], nobody: ['root'], root: ['admin'] },
];

const READERS = [undefined, ['root'], ['\\root'], ['ops@example.net'], ['webapp'], ['ops@example.net', 'webapp']];

const world = (aliases: Readonly<Record<string, readonly string[]>>) =>
  new World({
    tables: { canonical: new Map(), virtual: new Map(), aliases: new Map(Object.entries(aliases)) },
    own: ['mail.example.com', 'localhost'],
    mailbox: (name) => ['root', 'webapp', 'admin'].includes(name) || undefined,
    route: (): End => ({ kind: 'asked' }),
    delimiter: '+',
    recursion: 1000,
    expansion: 1000,
  });

describe('who reads the mail of the host', () => {
  test.each(READERS.flatMap((postmaster) => ETC_ALIASES.map((found) => [postmaster, found] as const)))(
    'postmaster %j goes round in no circle with /etc/aliases of %j',
    (postmaster, found) => {
      expect(recipientFaults(world({ ...systemAliases({ postmaster }), ...found }))).toEqual([]);
    },
  );

  test('root hears what postmaster hears', () => {
    expect(systemAliases({ postmaster: ['ops@example.net', 'webapp'] })).toMatchObject({
      postmaster: ['ops@example.net', 'webapp'],
      root: ['ops@example.net', 'webapp'],
    });
  });
});
