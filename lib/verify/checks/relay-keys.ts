import { isKeyRecord, parseKeyRecord } from '../dkim/key-record';
import { type About, type Finding, note, ok, type State, wrong } from '../finding';
import type { Known } from '../picture';
import { disagreement, isAbsent, shown, unanswered } from './common';

/** One name of a record: what is there, and what it means for receivers. */
interface Look {
  readonly name: string;
  readonly found: string;
  /** Whether receivers can verify signatures with it. */
  readonly usable: boolean;
  readonly state?: Extract<State, 'note' | 'warning' | 'critical'>;
  readonly problem?: string;
}

/**
 * The keys that smart hosts sign with (RFC 6376 3.6), by domain. Their operators make the keys and change them; the records, or the
 * aliases that lead there, are ours.
 */
export function checkRelayKeys(names: readonly string[], known: Known): Finding[] {
  const domains = [...new Set(names.map(domainOf))];
  return domains.flatMap((domain) =>
    checkDomain(
      domain,
      names.filter((name) => domainOf(name) === domain),
      known,
    ),
  );
}

const domainOf = (name: string) => name.replace(/^.*?\._domainkey\./, '');

function checkDomain(domain: string, names: readonly string[], known: Known): Finding[] {
  const about: About = {
    check: 'relay-dkim',
    group: 'domains',
    subject: domain,
    title: `DKIM keys of smart hosts for ${domain}`,
  };
  const expected = `a key at ${names.join(', ')}`;
  for (const name of names) {
    const open = unanswered(about, known.answer(name, 'TXT'), expected);
    if (open) return [open];
  }
  const looks = names.map((name) => lookAt(name, known));
  const usable = looks.some((look) => look.usable);
  const bad = looks.filter(({ state }) => state === 'warning' || state === 'critical' || (!usable && state === 'note'));
  if (bad.length > 0) {
    return [
      wrong(about, usable && !bad.some(({ state }) => state === 'critical') ? 'warning' : 'critical', {
        found: bad.map(({ name, found }) => `${name}: ${found}`).join('; '),
        expected,
        problem: usable
          ? bad.map(({ problem }) => problem).join('; ')
          : `receivers can verify no signature of the smart host: ${bad.map(({ problem }) => problem).join('; ')}`,
        fix: {
          text: 'set the records as the operator of the smart host names them ("mailserver zone" prints those of SesRelay)',
        },
      }),
    ];
  }
  for (const name of names) {
    const dissent = disagreement(about, known.answer(name, 'TXT'));
    if (dissent) return [dissent];
  }
  const found = `${looks.filter((look) => look.usable).length} of ${names.length} names have a key`;
  const remarks = looks.flatMap(({ problem }) => problem ?? []);
  return [remarks.length > 0 ? note(about, found, remarks.join('; ')) : ok(about, found)];
}

function lookAt(name: string, known: Known): Look {
  const answer = known.answer(name, 'TXT');
  const look = (usable: boolean, state?: Look['state'], problem?: string): Look => ({
    name,
    found: shown(answer),
    usable,
    ...(state && { state, problem: `${name} ${problem}` }),
  });
  const alias = answer.aliases.at(-1);
  // Easy DKIM has three names, of which a key need not be behind each.
  if (answer.outcome === 'alias' || (isAbsent(answer) && alias !== undefined))
    return look(false, 'note', `leads to ${alias}, where there is no key`);
  if (isAbsent(answer)) return look(false, 'warning', 'is not there');
  const texts = answer.values.filter(isKeyRecord);
  const [text, ...more] = texts;
  if (text === undefined) return look(false, 'warning', 'has no key, but another text');
  if (more.length > 0) return look(false, 'critical', `has ${texts.length} keys: which one receivers take is a matter of chance`);
  const { key, flags, problems } = parseKeyRecord(text);
  if (problems.length > 0) return look(false, 'critical', `cannot be read: ${problems.join('; ')}`);
  if (key === '') return look(false, 'note', "is revoked ('p=' is empty)");
  if (flags.includes('y')) return look(true, 'warning', "is a test ('t=y'): receivers treat the mail as unsigned");
  return look(true);
}
