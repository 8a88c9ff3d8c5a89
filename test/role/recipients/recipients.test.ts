import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recipientFaults } from '../../../lib/role/recipients/judge';
import { type End, World } from '../../../lib/role/recipients/world';
import { hostPython } from '../../support/python';

const rules = join(__dirname, '../../../lib/role/remote/postfix-rules');

/** Entries of the tables, and what is said of them. */
interface Case {
  readonly title?: string;
  readonly virtual?: Readonly<Record<string, readonly string[]>>;
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  readonly canonical?: Readonly<Record<string, string>>;
  readonly faults?: readonly string[];
  /** What strangers name and somebody else has to be asked for. */
  readonly asked?: readonly string[];
  /** Local aliases that hand mail on. */
  readonly leaving?: readonly string[];
  /** Recipients whose mail a real Postfix put off or sent back. */
  readonly failed?: readonly string[];
}

const read = (name: string) => JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as readonly Case[];

const chain = (length: number, entry: (index: number) => readonly string[]) =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [`a${index}@alias.example`, index === length - 1 ? ['webapp'] : entry(index)]),
  );
const following = (index: number) => [`a${index + 1}@alias.example`];
const targets = (count: number) => Array.from({ length: count }, (_, index) => `u${index}@pipe.example`);
const tooMany = (key: string, count: number) =>
  `virtual ${key}@alias.example: stands for ${count} addresses, and Postfix puts off mail for more than 1000 (virtual_alias_expansion_limit): make it a list of a mailing list manager, or raise the limit`;
const tooLong = (key: string) =>
  `virtual ${key}@alias.example: leads through 1000 entries, one after the other, and Postfix puts off mail beyond 1000 (virtual_alias_recursion_limit): name the last target`;

/** Too large to be written out. */
const large: readonly Case[] = [
  { title: '1,000 targets', virtual: { 'all@alias.example': targets(1000) } },
  { title: '1,001 targets', virtual: { 'all@alias.example': targets(1001) }, faults: [tooMany('all', 1001)] },
  {
    title: '1,200 targets over four lists',
    virtual: {
      'all@alias.example': [0, 1, 2, 3].map((list) => `l${list}@alias.example`),
      ...Object.fromEntries([0, 1, 2, 3].map((list) => [`l${list}@alias.example`, targets(300)])),
    },
    faults: [tooMany('all', 1200)],
  },
  { title: 'a way of 999 entries', virtual: chain(999, following) },
  { title: 'a way of 1,000 entries', virtual: chain(1000, following), faults: [tooLong('a0')] },
  { title: 'a way of 1,500 entries, told once', virtual: chain(1500, following), faults: [tooLong('a500')] },
  { title: 'as many entries over second targets', virtual: chain(900, (index) => ['webapp', ...following(index)]) },
];

const cases = [...read('cases.json'), ...large];
const real = read('real-postfix.json');

function route(domain: string): End | undefined {
  if (domain === 'alias.example' || /(\.alias|ad)\.example$/.test(domain)) return undefined;
  if (domain.endsWith('pipe.example')) return { kind: 'taken' };
  if (domain.endsWith('relay.example')) return { kind: 'asked', why: 'relayed' };
  if (domain === 'error.example') return { kind: 'nowhere', why: 'the transport map has an error for it (5.1.6 moved)' };
  return { kind: 'asked', why: 'elsewhere' };
}

function ofStack({ virtual = {}, aliases = {}, canonical = {} }: Case): readonly string[] {
  const entries = (table: Readonly<Record<string, string | readonly string[]>>) =>
    new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
  const world = new World({
    tables: { virtual: entries(virtual), aliases: entries(aliases), canonical: entries(canonical) },
    own: ['mail.example', 'localhost'],
    mailbox: (name) => ['root', 'webapp'].includes(name.toLowerCase()),
    route,
    delimiter: '+',
  });
  return recipientFaults(world).map(({ nodes: [node], text }) => `${node?.table} ${node?.key}: ${text}`);
}

type Judged = Required<Pick<Case, 'faults' | 'asked' | 'leaving'>>;

/** Of all cases in one run of the gate's rules. */
function ofGate(input: readonly Case[]): readonly Judged[] {
  const program = join(__dirname, 'judge.py');
  const options = { encoding: 'utf8', input: JSON.stringify(input), maxBuffer: 1e8 } as const;
  const { stdout, stderr } = spawnSync(hostPython, [program, rules], options);
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) as Judged[];
}

const gate = new Map<Case, Judged>();
beforeAll(() => {
  const all = [...cases, ...real];
  for (const [index, judged] of ofGate(all).entries()) gate.set(all[index] as Case, judged);
}, 60_000);

describe('recipients that lead to one another', () => {
  it.each(cases.map((each) => [each.title, each] as const))('are judged alike by stack and gate: %s', (_title, each) => {
    const { faults = [], asked = [], leaving = [] } = each;
    expect(ofStack(each)).toEqual(faults);
    expect(gate.get(each)).toEqual({ faults, asked, leaving });
  });

  /**
   * Random entries, and whose mail Postfix 3.10 of Debian 13 put off or sent back when it was sent one to each of them (record.py 1 300). What a stranger
   * names of a domain that is asked for is refused before it would be sent back.
   */
  it.each(real.map((each, index) => [index, each] as const))(
    'have a fault where Postfix delivers no mail: %i',
    (_index, each) => {
      const { faults = [], asked = [] } = gate.get(each) ?? {};
      expect(ofStack(each)).toEqual(faults);
      const refusedBefore = (address: string) =>
        address.startsWith('no-such-user@') && asked.includes(address.slice(address.lastIndexOf('@') + 1));
      const lost = (each.failed ?? []).filter((address) => !refusedBefore(address));
      expect({ lost, isFaulty: faults.length > 0 }).toEqual({ lost, isFaulty: lost.length > 0 });
    },
  );

  it('are judged in the time that it takes to read them', () => {
    const some = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`u${index}@alias.example`, following(index)]));
    const start = performance.now();
    expect(ofStack({ virtual: { ...some, 'a0@alias.example': ['webapp'] } }).length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('are judged by the gate in a small part of the memory that all of them would take', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recipients-'));
    try {
      const { stdout, stderr } = spawnSync(hostPython, [join(__dirname, 'memory.py'), rules, folder], { encoding: 'utf8' });
      const [mebibytes, faults, asked] = stdout.trim().split(' ').map(Number);
      expect({ faults, stderr }).toEqual({
        faults: 1,
        stderr: expect.stringMatching(/^510001 'a@alias\.example' goes round in a circle.*\n$/),
      });
      // The domain of aliases, and each address of the other.
      expect(asked).toBe(125_001);
      expect(mebibytes).toBeLessThan(60);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
