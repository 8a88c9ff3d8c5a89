import { normalizeName } from '../../dns';
import { reportNames } from '../dmarc/questions';
import { isDmarc } from '../dmarc/record';
import { findPolicy, type Policy, policyName } from '../dmarc/tree-walk';
import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Answer, Known } from '../picture';
import { shown, textLine, unanswered } from './common';

/** What receivers are to do with mail that is not from the domain, and who gets reports (RFC 9989). */
export function checkDmarc(domain: string, known: Known): Finding[] {
  const about: About = { check: 'dmarc', group: 'domains', subject: domain, title: `DMARC of ${domain}` };
  const answer: Answer = known.answer(policyName(domain), 'TXT');
  const suggestion = `v=DMARC1; p=none; rua=mailto:postmaster@${normalizeName(domain)}`;
  const open = unanswered(about, answer, suggestion);
  if (open) return [open];
  const found = findPolicy(domain, known);
  const bad = (state: 'warning' | 'critical', problem: string, text: string, record = suggestion) =>
    wrong(about, state, {
      found: found?.texts.join(' | ') ?? shown(answer),
      expected: record,
      problem,
      fix: { text, records: [textLine(policyName(found?.domain ?? domain), record)] },
    });
  if (!found) {
    const near = answer.values.find((value) => /dmarc/i.test(value));
    return [
      near
        ? bad(
            'warning',
            `'${near}' is not a DMARC record: it must begin with 'v=DMARC1;', in upper case, so receivers ignore it`,
            'correct the beginning',
          )
        : bad(
            'warning',
            'receivers are not told what to do with forged mail; Gmail and Yahoo ask for a record',
            'add the record',
          ),
    ];
  }
  if (found.texts.length > 1) {
    return [
      bad(
        'critical',
        `there are ${found.texts.length} DMARC records: receivers then apply none`,
        'keep one of them',
        found.texts[0],
      ),
    ];
  }
  const { problems, doubts } = found.record;
  if (problems.length > 0) return [bad('critical', `receivers cannot read it: ${problems.join('; ')}`, 'correct it')];
  const unauthorized = refusedReports(domain, known);
  if (unauthorized) return [unauthorized(about, found.texts.join(' | '))];
  if (doubts.length > 0) return [bad('warning', doubts.join('; '), 'take it out', withoutRetired(found.record.text))];
  return [judgePolicy(about, domain, found)];
}

/** The record without the tags that RFC 9989 has not. */
const withoutRetired = (text: string) =>
  text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^(pct|rf|ri)\s*=/i.test(part))
    .join('; ');

function refusedReports(domain: string, known: Known): ((about: About, found: string) => Finding) | undefined {
  const missing = reportNames(domain, known).filter((name) => {
    const answer = known.answer(name, 'TXT');
    return (
      (answer.outcome === 'nodata' || answer.outcome === 'nxdomain' || answer.outcome === 'answer') &&
      !answer.values.some(isDmarc)
    );
  });
  const [name] = missing;
  if (name === undefined) return undefined;
  return (about, found) =>
    wrong(about, 'warning', {
      found,
      expected: `TXT "v=DMARC1" at ${name}`,
      problem: 'reports are to go to another domain, which has not agreed to get them: nobody sends them',
      fix: {
        text: 'let that domain publish the record, or have the reports sent to this one',
        records: [textLine(name, 'v=DMARC1')],
      },
    });
}

/** What `t=y` makes of a policy: one step less (RFC 9989 4.7). */
const milder: Readonly<Record<string, string>> = { reject: 'quarantine', quarantine: 'none' };

function judgePolicy(about: About, domain: string, { domain: holder, texts, record: { tags } }: Policy): Finding {
  const own = holder === normalizeName(domain);
  const policy = (own ? tags.get('p') : (tags.get('sp') ?? tags.get('p')))?.toLowerCase();
  const where = own ? '' : ` (at ${policyName(holder)})`;
  const found = `${texts.join(' | ')}${where}`;
  if (policy === 'none' && !tags.has('rua')) {
    return note(about, found, "'p=none' without 'rua' has no effect: nobody acts, and nobody tells you");
  }
  if (policy === 'none')
    return note(about, found, 'receivers report only; quarantine or reject protects the domain, once DKIM signs all its mail');
  const tested = tags.get('t')?.toLowerCase() === 'y' ? milder[policy ?? ''] : undefined;
  if (tested !== undefined)
    return note(about, found, `'t=y' tests the policy: receivers apply '${tested}' instead of '${policy}'`);
  if (tags.get('aspf')?.toLowerCase() === 's') {
    return note(about, found, 'strict SPF alignment: mail with a sender in a subdomain needs DKIM to pass');
  }
  return ok(about, found);
}
