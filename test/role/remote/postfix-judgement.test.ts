import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_CLIENTS } from '../../../lib/role/components/known-clients';
import { parameterName } from '../../../lib/role/settings/main-cf';
import { parameterClasses } from '../../../lib/role/settings/service-user-parameter';
import { hostPython } from '../../support/python';

const REMOTE = join(__dirname, '../../../lib/role/remote');
const FIXTURES = join(__dirname, 'fragments');
const GOLDEN = join(__dirname, '../golden/cloud-with-antivirus/etc/postfix');

/** The fragments of service users by name, or the text of the only one. */
type Case = string | Readonly<Record<string, string>>;

const fixture = <T>(name: string): T => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;
const allowed = fixture<Case[]>('allowed.json');
const effects = fixture<(readonly [Case, string])[]>('effects.json');
const refused = fixture<(readonly [Case, ...string[]])[]>('refused.json');

const title = (each: Case) => JSON.stringify(each).replace(/%/g, '%%');

/** What is said of each case, by its position; of those that may be set, where they do not count. */
let said: readonly string[];
let noted: readonly string[];

beforeAll(() => {
  said = judge([...allowed, ...refused.map(([each]) => each)]);
  noted = judge(
    effects.map(([each]) => each),
    'notes',
  );
}, 60_000);

function judge(cases: readonly Case[], ...more: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-judgement-'));
  try {
    const master = join(folder, 'master.cf');
    const role = readFileSync(join(GOLDEN, 'master.d/10_role.cf'), 'utf8');
    writeFileSync(master, `${role}\nuser-webapp unix - n n - - pipe\n    flags=q user=webapp argv=/bin/true\n`);
    const program = [join(FIXTURES, 'judge-cases.py'), REMOTE, join(FIXTURES, 'postconf.py'), join(GOLDEN, 'main.d/10_role.cf')];
    const input = JSON.stringify(cases);
    const { stdout, stderr } = spawnSync(hostPython, [...program, master, ...more], { encoding: 'utf8', input });
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as string[][]).map((lines) => lines.join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a service user may set', () => {
  test.each(allowed.map((each, index) => [title(each), index] as const))('%s', (_title, index) => {
    expect(said[index]).toBe('');
  });
});

describe('a service user may not set', () => {
  test.each(refused.map(([each, ...words], index) => [title(each), words, allowed.length + index] as const))(
    '%s',
    (_title, words, index) => {
      for (const word of words) expect(said[index]).toContain(word);
      expect(said[index]).toMatch(/^(\d\d_\w+\.cf:\d+: |.*Postfix)/);
    },
  );
});

describe('of a setting that a service has its own value of', () => {
  test.each(effects.map(([each, note], index) => [title(each), note, index] as const))(
    '%s: the reload says where it does not count',
    (_title, note, index) => {
      expect(noted[index]).toBe(note);
    },
  );

  test('every parameter that a service has of its own is in the table', () => {
    const master = readFileSync(join(GOLDEN, 'master.d/10_role.cf'), 'utf8');
    const own = [...master.matchAll(/^ +-o ([a-z0-9_]+)=/gm)].map(([, name]) => name ?? '');
    const tried = effects.map(
      ([each]) => /(\w+) *=[^=]*$/.exec(typeof each === 'string' ? each : Object.values(each).join(''))?.[1],
    );
    expect([...new Set(own)].filter((name) => !tried.includes(name)).sort()).toEqual([]);
  });
});

describe('the table of parameters', () => {
  const names = parameterClasses().map(({ name }) => name);

  test('says of none that mainCf sets it where mainCf refuses it', () => {
    const ofMainCf = parameterClasses().filter(({ rule, property }) => rule === 'stack' && property === undefined);
    expect(ofMainCf.flatMap(({ name }) => parameterName(name) ?? [])).toEqual([]);
  });

  test('has every parameter that the Postfix of Debian 13 knows, and no other, each once', () => {
    const known = readFileSync(join(FIXTURES, 'postconf-d.txt'), 'utf8').split('\n');
    const endings = names.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
    const ofTransports = (name: string) => !names.includes(name) && endings.some((ending) => name.endsWith(ending));
    const wanted = known.flatMap((line) => line.split(' =')[0] || []).filter((name) => !ofTransports(name));
    const own = names.filter((name) => name.startsWith('*') || name.startsWith('submission_') || name === KNOWN_CLIENTS);
    expect(names.filter((name) => !own.includes(name)).sort()).toEqual(wanted.sort());
    expect(names.length).toBe(new Set(names).size);
  });
});
