import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPython } from '../../support/python';
import { type BadInput, type GoodInput, inputs } from '../inputs';

const PROGRAM = join(__dirname, '../../../lib/role/remote/postfix-maps.py');

/** Which file a property of the stack becomes, and the line that an entry becomes. */
const FILES: Readonly<Record<string, readonly [file: string, line: (key: string, value: string) => string]>> = {
  accessClient: ['access-client', (key, value) => `${key} ${value}`],
  accessHelo: ['access-helo', (key, value) => `${key} ${value}`],
  accessRecipient: ['access-recipient', (key, value) => `${key} ${value}`],
  accessSender: ['access-sender', (key, value) => `${key} ${value}`],
  canonical: ['canonical', (key, value) => `${key} ${value}`],
  externalNetworks: ['external-networks', (_, value) => value],
  localAliases: ['local-aliases', (key, value) => `${key}: ${value}`],
  relayDomains: ['relay-domains', (_, value) => value],
  submissionSenders: ['submission-senders', (key, value) => `${key} ${value}`],
  transport: ['transport', (key, value) => `${key} ${value}`],
  virtualAliases: ['virtual-aliases', (key, value) => `${key} ${value}`],
};

/** Names of the same map, as the stack and as the host have it. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\b(accessSender)\b/g, 'access-sender'],
  [/\b(accessClient)\b/g, 'access-client'],
  [/\b(localAliases)\b/g, 'local-aliases'],
  [/\b(virtualAliases)\b/g, 'virtual-aliases'],
];

/** Messages about what a line of a file cannot be wrong about. */
const DIFFERENT =
  /: expected a |is the HELO name|has a comma: give every target|as in a header|^virtualAliases.*\.0: .*white space|looks like a domain: .*virtual|^localAliases\.root::|^virtualAliases\.example\.(com|net): /;

interface Line {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly message?: string;
}

/** An entry as a line of its file; undefined for what a file cannot hold, or holds as something else. */
function lineOf({ property, value }: GoodInput, error?: string): Line | undefined {
  const [file, line] = FILES[property] ?? [];
  if (file === undefined || line === undefined || typeof value !== 'object' || value === null) return undefined;
  const [key = '', given] = Object.entries(value)[0] ?? [];
  const targets: unknown[] = Array.isArray(given) ? given : [given];
  if (Object.keys(value).length !== 1 || targets.length === 0) return undefined;
  if (![key, ...targets].every((text) => typeof text === 'string' && text.trim() === text && text !== '')) return undefined;
  // Between columns, lines and comments a file has no quotes.
  if (!Array.isArray(value) && /\s/.test(key) && !/^"/.test(key)) return undefined;
  if (/[\r\n]/.test(targets.join('')) || key.startsWith('#')) return undefined;
  // Of another type, about another setting, or taken apart at its commas, colons and spaces.
  if (error !== undefined && DIFFERENT.test(error)) return undefined;
  if (/^(externalNetworks|relayDomains)$/.test(property) && /\s/.test(targets.join(''))) return undefined;
  const message = NAMES.reduce(
    (text, [name, replacement]) => text.replace(name, replacement),
    error?.replace(/^.*?: /s, '') ?? '',
  );
  return {
    title: `${file} ${line(key, targets.join(', '))}`,
    file,
    text: line(key, targets.join(', ')),
    ...(error && { message }),
  };
}

const bad = inputs<BadInput>(join(__dirname, '../bad-inputs')).flatMap(([, cases]) =>
  cases.flatMap((each) => lineOf(each, each.error) ?? []),
);
const good = inputs<GoodInput>(join(__dirname, '../good-inputs')).flatMap(([, cases]) =>
  cases.flatMap((each) => lineOf(each) ?? []),
);

/** What is said of each line. A file holds every key once, so lines of one key are tried in several runs. */
const said = new Map<Line, string[]>();

beforeAll(() => {
  const rounds: Line[][] = [];
  for (const line of [...bad, ...good]) {
    // Of very many mistakes only the first are reported.
    const round = rounds.find(
      (lines) => lines.length < 20 && !lines.some((other) => other.file === line.file && sameKey(other, line)),
    );
    if (round) round.push(line);
    else rounds.push([line]);
  }
  for (const lines of rounds) tryOut(lines);
}, 120_000);

/** First words, of networks and transports as they are meant. */
function sameKey(one: Line, other: Line): boolean {
  const key = ({ text }: Line) => text.toLowerCase().replace(/^[@[]/, '').replace(/\]/, '').split(/[\s/]/)[0];
  return key(one) === key(other);
}

function tryOut(lines: readonly Line[]): void {
  const host = mkdtempSync(join(tmpdir(), 'shared-rules-'));
  try {
    mkdirSync(join(host, 'out'));
    mkdirSync(join(host, 'etc/mail'), { recursive: true });
    const services = 'smtp relay smtp4 smtp-amavis lmtp local virtual error retry discard user-webapp user-a_b-c'.split(' ');
    writeFileSync(join(host, 'master.cf'), services.map((name) => `${name} unix - - n - - smtp\n`).join(''));
    // Tables and services of a map are known to a daemon when main.cf names them, too.
    const named = 'check_policy_service inet:127.0.0.1:10023, check_sender_mx_access cidr:/etc/postfix/stack/mx';
    writeFileSync(join(host, 'main.cf'), `smtpd_sender_restrictions = ${named}\n`);
    const files = new Map<string, Line[]>();
    for (const line of lines) files.set(line.file, [...(files.get(line.file) ?? []), line]);
    for (const [file, own] of files) {
      writeFileSync(join(host, 'etc/mail', file), own.map(({ text }) => `${text}\n`).join(''));
      for (const line of own) said.set(line, []);
    }
    const at = (name: string) => join(host, name);
    const parts = ['--candidate', host, '--master', at('master.cf'), '--main', at('main.cf'), '--out', at('out')];
    const { stderr } = spawnSync(hostPython, [PROGRAM, ...parts], { encoding: 'utf8' });
    for (const problem of stderr.split('\n').filter(Boolean)) {
      const [, file = '', number, message] = /^postfix-gate: \/etc\/mail\/([^:]+):(\d+): (.*)$/.exec(problem) ?? [];
      const line = files.get(file)?.[Number(number) - 1];
      if (line === undefined || message === undefined) throw new Error(problem);
      said.get(line)?.push(message.replace(/ \(user-[^)]*\)/, ''));
    }
  } finally {
    rmSync(host, { recursive: true, force: true });
  }
}

describe('a line that a service user writes', () => {
  it.each(bad.map((line) => [line.title, line] as const))('is refused as the stack would be: %s', (_title, line) => {
    expect(said.get(line)).toEqual([line.message]);
  });

  it.each(good.map((line) => [line.title, line] as const))('is taken as of the stack: %s', (_title, line) => {
    expect(said.get(line)).toEqual([]);
  });
});
