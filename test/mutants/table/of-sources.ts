import type { SourceMutant } from '../mutant';

const PLACE_SERVER = 'lib/constructs/mail-server/place-server.ts';
const DERIVED_SETTINGS = 'lib/constructs/mail-server/derived-settings.ts';
const killedBy = (...titles: string[]) =>
  titles.map((title) => ({ file: 'test/constructs/mail-server/mail-server.test.ts', title }));
const byGreylisting = (title: string) => [{ file: 'test/role/components/never-greylisted.test.ts', title }];

/** Killed by unit tests of the constructs. */
export const mutantsOfSources: readonly SourceMutant[] = [
  {
    of: ['R10'],
    what: 'the host gets its name before the world agrees on it',
    source: PLACE_SERVER,
    from: '...(agreement ? [agreement] : []), ',
    to: '',
    killedBy: killedBy('the world has to agree on name and address before the host is given the name'),
  },
  {
    of: ['R33'],
    what: 'mail leaves from whatever address the kernel takes',
    source: DERIVED_SETTINGS,
    from: '    bindIpv4,\n    // The address itself',
    to: '    // The address itself',
    killedBy: killedBy('behind 1:1 NAT mail leaves from the private address, and the public one is known as ours'),
  },
  {
    of: ['R35'],
    what: 'who is never greylisted is not for the stack to say',
    source: 'lib/role/components/postgrey.ts',
    from: 'settings.neverGreylisted ?? POOLED_SENDERS',
    to: 'POOLED_SENDERS',
    killedBy: byGreylisting('those that the stack names are not greylisted, and no others'),
  },
];
