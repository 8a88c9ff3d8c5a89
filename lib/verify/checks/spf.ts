import { heloSpfText, sameName } from '../../dns';
import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Known } from '../picture';
import { evaluateSpf, type SpfVerdict } from '../spf/evaluate';
import { isSpf, parseSpf } from '../spf/parse';
import { textLine, unanswered } from './common';

const lookupLimit = 10;

/** Whom the record of a domain has to let send. */
export interface Senders {
  /** Of the host itself. */
  readonly addresses: readonly string[];
  /** Domains to include, where smart hosts send and not the host itself. */
  readonly includes?: readonly string[];
}

/** SPF of a mail domain (RFC 7208): one record that can be read, that lets this host or its smart hosts send, and not everybody else. */
export function checkSpf(domain: string, heloName: string, { addresses, includes }: Senders, known: Known): Finding[] {
  const about: About = { check: 'spf', group: 'domains', subject: domain, title: `SPF of ${domain}` };
  const answer = known.answer(domain, 'TXT');
  const suggestion = suggestedSpf(includes);
  const open = unanswered(about, answer, suggestion);
  if (open) return [open];
  const texts = answer.values.filter(isSpf);
  const bad = (state: 'warning' | 'critical', problem: string, text: string, record = suggestion) =>
    wrong(about, state, {
      found: texts.join(' | ') || almost(answer.values) || 'no SPF record',
      expected: record,
      problem,
      fix: { text, records: [textLine(domain, record)] },
    });

  if (texts.length === 0) {
    const near = almost(answer.values);
    return [
      bad(
        'warning',
        near
          ? `'${near}' is not an SPF record: it has to begin with 'v=spf1 '`
          : 'receivers cannot tell whether this host may send for the domain',
        near ? 'correct the beginning' : 'add the record',
      ),
    ];
  }
  if (texts.length > 1) {
    return [
      bad(
        'critical',
        `there are ${texts.length} SPF records: receivers take that for an error (RFC 7208 4.5)`,
        'keep one of them',
      ),
    ];
  }
  const [text = ''] = texts;
  const { problems, mechanisms } = parseSpf(text);
  if (problems.length > 0)
    return [bad('critical', `the record cannot be read: ${problems.join('; ')}`, 'correct it', corrected(text, heloName))];
  if (mechanisms.some(({ name, qualifier }) => name === 'all' && qualifier === '+')) {
    return [
      bad(
        'critical',
        "'+all' lets the whole world send as this domain",
        "end it with '-all' or '~all'",
        text.replace(/\+?all$/i, '~all'),
      ),
    ];
  }
  const missing = (includes ?? []).filter(
    (include) => !mechanisms.some(({ name, target }) => name === 'include' && target !== undefined && sameName(target, include)),
  );
  if (missing.length > 0) {
    const terms = missing.map((include) => `include:${include}`).join(' ');
    return [
      bad(
        'critical',
        `mail of this domain leaves by a smart host, and the record does not let it send: '${terms}' is not in it`,
        'add it',
        text.replace(/ +(?=[-~?+]?all$|redirect=)|$/i, ` ${terms} `).trim(),
      ),
    ];
  }
  const refused = includes
    ? []
    : checkSenders({ about, domain, heloName, text }, addresses, known, (problem, fix) =>
        bad('critical', problem, fix, corrected(text, heloName)),
      );
  if (refused.length > 0) return refused;
  return checkCost(about, domain, heloName, known, text, bad);
}

/** Each own address has to pass. */
function checkSenders(
  { about, domain, heloName, text }: { about: About; domain: string; heloName: string; text: string },
  addresses: readonly string[],
  known: Known,
  bad: (problem: string, fix: string) => Finding,
): Finding[] {
  const verdicts = addresses.map((address) => ({ address, verdict: evaluateSpf({ domain, address, heloName }, known) }));
  const refused = verdicts.filter(({ verdict }) => verdict.result !== 'pass');
  const [first] = refused;
  if (!first) return [];
  const open = refused.find(({ verdict }) => verdict.result === 'temperror');
  if (open) return [undecided(about, text, open.verdict)];
  const which = refused.map(({ address }) => address).join(', ');
  if (first.verdict.result === 'permerror') {
    return [
      bad(
        `receivers cannot evaluate it: ${first.verdict.problem}`,
        'correct it; fewer includes, and ip4 instead of names, cost fewer look-ups',
      ),
    ];
  }
  return [
    bad(
      `mail from ${which} gets '${first.verdict.result}'${decision(first.verdict)}: the record does not let this host send`,
      `let this host send, by 'a:${heloName}'`,
    ),
  ];
}

/** The record may be right: what it leads to could not be looked up. */
function undecided(about: About, record: string, verdict: SpfVerdict): Finding {
  return wrong(about, 'unknown', {
    found: record,
    expected: 'pass',
    problem: `could not find out whether this host may send: no answer for ${verdict.problem}. Receivers put the mail off until this is mended`,
    fix: { text: 'leave the record as it is, and see what is found about that name and its name servers' },
  });
}

/** What led to the verdict, and what the domain has receivers tell the sender. */
function decision({ decidedBy, problem, explanation }: SpfVerdict): string {
  const why = decidedBy ? `by ${decidedBy}` : (problem ?? '');
  const parts = [why, explanation === undefined ? '' : `receivers answer "${explanation}"`].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join('; ')})` : '';
}

function checkCost(
  about: About,
  domain: string,
  heloName: string,
  known: Known,
  text: string,
  bad: (state: 'warning', problem: string, text: string, record: string) => Finding,
): Finding[] {
  const { lookups } = evaluateSpf({ domain, heloName }, known);
  const { mechanisms, redirect } = parseSpf(text);
  if (lookups > lookupLimit) {
    return [
      bad(
        'warning',
        `the record costs up to ${lookups} look-ups, ${lookupLimit} are allowed: it is an error for senders that its end decides about`,
        'take includes out that are not needed',
        text,
      ),
    ];
  }
  const cost = `${text} (${lookups} of ${lookupLimit} look-ups)`;
  if (mechanisms.some(({ name }) => name === 'ptr')) {
    return [note(about, cost, "'ptr' is slow and is not to be used any more (RFC 7208 5.5)")];
  }
  const all = mechanisms.find(({ name }) => name === 'all');
  if (!all && redirect === undefined) {
    return [
      bad(
        'warning',
        'the record does not end: about all other hosts it says nothing',
        "end it with '-all' or '~all'",
        `${text} ~all`,
      ),
    ];
  }
  if (all?.qualifier === '?')
    return [note(about, cost, "'?all' says nothing about other hosts: '~all' or '-all' protects the domain")];
  return [ok(about, cost)];
}

/** SPF of the HELO name: bounces have no sender, so receivers look there (RFC 7208 2.3). */
export function checkHeloSpf(
  heloName: string,
  domains: readonly string[],
  addresses: readonly string[],
  known: Known,
): Finding[] {
  if (domains.some((domain) => sameName(domain, heloName))) return [];
  const about: About = { check: 'spf-helo', group: 'names', subject: heloName, title: `SPF of ${heloName}` };
  const answer = known.answer(heloName, 'TXT');
  if (answer.outcome === 'unasked') return [];
  const open = unanswered(about, answer, heloSpfText);
  if (open) return [open];
  const texts = answer.values.filter(isSpf);
  if (texts.length === 0) return [note(about, 'none', `bounces would pass SPF with "${heloSpfText}" at the HELO name`)];
  const verdicts = addresses.map((address) => evaluateSpf({ domain: heloName, address, heloName }, known));
  const failed = verdicts.find(({ result }) => result !== 'pass');
  if (!failed) return [ok(about, texts.join(' | '))];
  if (failed.result === 'temperror') return [undecided(about, texts.join(' | '), failed)];
  return [
    wrong(about, 'warning', {
      found: texts.join(' | '),
      expected: heloSpfText,
      problem: `bounces of this host get '${failed.result}'${decision(failed)}`,
      fix: { text: 'let the HELO name allow its own addresses', records: [textLine(heloName, heloSpfText)] },
    }),
  ];
}

/** What the constructs write: it follows the MX, and so exactly the addresses of the HELO name. */
const suggestedSpf = (includes: readonly string[] = []) =>
  ['v=spf1 mx', ...includes.map((include) => `include:${include}`), '-all'].join(' ');

/** The record with this host added in front of what decides about all others. */
function corrected(text: string, heloName: string): string {
  const terms = text.split(/ +/).filter(Boolean);
  const rest = terms.slice(1).filter((term) => parseSpf(`v=spf1 ${term}`).problems.length === 0 && term !== `a:${heloName}`);
  return ['v=spf1', `a:${heloName}`, ...rest].join(' ');
}

/** A TXT record that somebody meant to be SPF. */
function almost(values: readonly string[]): string | undefined {
  return values.find((value) => /^\W*(v\s*=\s*)?spf/i.test(value));
}
