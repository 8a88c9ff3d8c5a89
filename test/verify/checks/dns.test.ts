import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, judgeDns, type VerifySubject } from '../../../lib/verify';
import { pictureOf, type Records } from '../support/picture';

/** A mail server of which everything is right. */
const subject: VerifySubject = { heloName: 'mail.example.com', addresses: ['198.51.100.25'], domains: ['example.com'] };
const records: Records = {
  'mail.example.com A': ['198.51.100.25'],
  'mail.example.com TXT': ['v=spf1 a -all'],
  '25.100.51.198.in-addr.arpa PTR': ['mail.example.com.'],
  'example.com MX': ['10 mail.example.com.'],
  'example.com TXT': ['v=spf1 a:mail.example.com -all'],
  '_dmarc.example.com TXT': ['v=DMARC1; p=reject; rua=mailto:dmarc@example.com'],
};

interface Case {
  /** What differs from the mail server above. */
  readonly subject?: Partial<VerifySubject>;
  /** What differs from the records above; null takes a record away. */
  readonly records?: Readonly<Record<string, Records[string] | null>>;
  /** Every finding that is not well: `STATE CHECK SUBJECT: part of the problem`. Notes are listed only if any is. */
  readonly expect: readonly string[];
  /** Something that the fix of the first one has to say. */
  readonly fix?: string;
}

const folder = join(__dirname, 'fixtures');

async function judge({ subject: other, records: changes = {} }: Case): Promise<Finding[]> {
  const merged = Object.entries({ ...records, ...changes }).filter(([, value]) => value !== null);
  const whole = { ...subject, ...other };
  return judgeDns(whole, await pictureOf(whole, Object.fromEntries(merged) as Records));
}

describe.each(readdirSync(folder).sort())('%s', (file) => {
  const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Case>;

  test.each(Object.entries(cases))('%s', async (_, each) => {
    const findings = await judge(each);
    const notes = each.expect.some((line) => line.startsWith('note '));
    const told = findings.filter(({ state }) => state !== 'ok' && (notes || state !== 'note'));
    const lines = told.map(({ state, check, subject: about, problem }) => `${state} ${check} ${about}: ${problem}`);
    expect(lines).toEqual(each.expect.map((line) => expect.stringMatching(new RegExp(`^${escaped(line)}`))));
    if (each.fix !== undefined) expect(JSON.stringify(told[0]?.fix)).toContain(JSON.stringify(each.fix).slice(1, -1));
    for (const finding of findings) expect(isComplete(finding)).toBe(true);
  });
});

/** `…` stands for any text. */
const escaped = (line: string) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/…/g, '.*');

/** A bad line tells what is wrong, both values, and what to do; messages have no final dot. */
function isComplete({ state, found, expected, problem, fix, title }: Finding): boolean {
  const texts = [problem, fix?.text].filter((text) => text !== undefined);
  if (found === '' || title === '' || texts.some((text) => /[.]$/.test(text) || text === '')) return false;
  return state === 'ok' || state === 'note' || Boolean(expected && problem && fix?.text);
}
