import { absoluteName, keyName, sameName } from '../../dns';
import { isKeyRecord, parseKeyRecord } from '../dkim/key-record';
import { type About, type Finding, note, ok, type State, worst, wrong } from '../finding';
import type { Known } from '../picture';
import { disagreement, isAbsent, shown, textLine, unanswered, zoneLine } from './common';

/** Whose keys the host has. */
interface Keys {
  readonly heloName: string;
  /** Record of each key, by selector. */
  readonly records: Readonly<Record<string, string>>;
}

/** What is wrong with one key at one name. */
interface Flaw {
  readonly state: Extract<State, 'warning' | 'critical' | 'note'>;
  readonly found: string;
  readonly problem: string;
  readonly text: string;
}

/** The keys by which receivers verify the signatures of mail in the name of a domain (RFC 6376 3.6). */
export function checkDkim(domain: string, keys: Keys, known: Known): Finding[] {
  const selectors = Object.keys(keys.records);
  if (selectors.length === 0) return [];
  const about: About = { check: 'dkim', group: 'domains', subject: domain, title: `DKIM keys of ${domain}` };
  const lines = selectors.map((selector) => rightLine(selector, domain, keys));
  for (const selector of selectors) {
    const open = unanswered(about, known.answer(keyName(selector, domain), 'TXT'), lines.join(' | '));
    if (open) return [open];
  }
  const flaws = selectors.map((selector) => flawOf(selector, domain, keys, known));
  const missing = flaws.filter((flaw) => flaw?.problem === NOT_THERE).length;
  const bad = flaws.flatMap((flaw, index) => (flaw && flaw.state !== 'note' ? [{ ...flaw, line: lines[index] as string }] : []));
  if (bad.length > 0) {
    const state = missing === selectors.length ? 'critical' : worst(bad.map((flaw) => flaw.state));
    return [
      wrong(about, state === 'critical' ? 'critical' : 'warning', {
        found: bad.map(({ found }) => found).join('; '),
        expected: bad.map(({ line }) => line).join(' | '),
        problem:
          missing === selectors.length
            ? 'no key is public: mail of the domain leaves unsigned, and big receivers refuse it or file it as spam'
            : bad.map(({ problem }) => problem).join('; '),
        fix: { text: [...new Set(bad.map(({ text }) => text))].join('; '), records: bad.map(({ line }) => line) },
      }),
    ];
  }
  for (const selector of selectors) {
    const dissent = disagreement(about, known.answer(keyName(selector, domain), 'TXT'));
    if (dissent) return [dissent];
  }
  const found = `${selectors.join(', ')}: the keys of the host`;
  const remarks = flaws.flatMap((flaw) => flaw?.problem ?? []);
  return [remarks.length > 0 ? note(about, found, remarks.join('; ')) : ok(about, found)];
}

const NOT_THERE = 'the key is not public';

/** As a line of a zone file; the HELO name has the key itself, mail domains lead there. */
function rightLine(selector: string, domain: string, { heloName, records }: Keys): string {
  if (sameName(domain, heloName)) return textLine(keyName(selector, domain), records[selector] ?? '');
  return zoneLine(keyName(selector, domain), 'CNAME', absoluteName(keyName(selector, heloName)));
}

function flawOf(selector: string, domain: string, { heloName, records }: Keys, known: Known): Flaw | undefined {
  const name = keyName(selector, domain);
  const answer = known.answer(name, 'TXT');
  const found = `${name}: ${shown(answer)}`;
  const flaw = (state: Flaw['state'], problem: string, text: string): Flaw => ({ state, found, problem, text });
  const alias = answer.aliases.at(-1);
  if (answer.outcome === 'alias' || (isAbsent(answer) && answer.aliases.length > 0))
    return flaw('warning', `${selector} leads to ${alias}, where there is no key`, 'correct the alias');
  if (isAbsent(answer)) return flaw('warning', NOT_THERE, 'add the record');
  const texts = answer.values.filter(isKeyRecord);
  const [text, ...more] = texts;
  if (text === undefined) return flaw('warning', `${selector} has no key, but another text`, 'replace the record');
  if (more.length > 0)
    return flaw(
      'critical',
      `${selector} has ${texts.length} keys: which one receivers take is a matter of chance`,
      'keep one of them',
    );
  const { key, kind, flags, problems } = parseKeyRecord(text);
  if (problems.length > 0) return flaw('critical', `receivers cannot read ${selector}: ${problems.join('; ')}`, 'correct it');
  if (key === '')
    return flaw('critical', `${selector} is revoked ('p=' is empty): signatures by it fail`, 'publish the key of the host');
  const wanted = parseKeyRecord(records[selector] ?? '');
  if (key !== wanted.key || kind !== wanted.kind)
    return flaw(
      'critical',
      `${selector} is another key than that of the host: signatures by it fail`,
      'publish the key of the host',
    );
  if (flags.includes('y'))
    return flaw('warning', `${selector} is a test ('t=y'): receivers treat the mail as unsigned`, "take 't=y' out");
  if (alias === undefined && !sameName(domain, heloName))
    return flaw(
      'note',
      `${selector} is a copy of the key: with the next key it has to be changed, which a CNAME to ${keyName(selector, heloName)} need not`,
      '',
    );
  return undefined;
}
