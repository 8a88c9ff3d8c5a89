import { normalizeName } from '../../dns';
import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Answer, Known } from '../picture';
import { shown, textLine, unanswered } from './common';

/** Tags of a DMARC record, names in lower case. */
export type DmarcTags = ReadonlyMap<string, string>;

const isDmarc = (text: string) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text);

/** Where the policy of a domain may stand: at the domain, then at each domain above it, the top-level one left out. */
export function dmarcNames(domain: string): string[] {
  const labels = normalizeName(domain).split('.');
  return labels.slice(0, -1).map((_, index) => `_dmarc.${labels.slice(index).join('.')}`);
}

/** Names that must allow reports about `domain` to be sent to other domains (RFC 7489 7.1). */
export function reportNames(domain: string, known: Known): string[] {
  const { tags } = findPolicy(domain, known) ?? {};
  const targets = [...(tags?.get('rua') ?? '').matchAll(/mailto:[^@,\s]+@([^!,\s]+)/gi)].map(([, target = '']) =>
    normalizeName(target),
  );
  return [...new Set(targets)]
    .filter((target) => !related(target, domain))
    .map((target) => `${normalizeName(domain)}._report._dmarc.${target}`);
}

/** The same organization, as far as names tell: one lies in the other, or both below the same domain of two labels or more. */
function related(a: string, b: string): boolean {
  const [x, y] = [a, normalizeName(b)].map((name) => name.split('.').slice(-2).join('.'));
  return x === y;
}

/** The record that holds for a domain: its own, or the one of a domain above. */
function findPolicy(domain: string, known: Known): { name: string; texts: string[]; tags: DmarcTags } | undefined {
  for (const name of dmarcNames(domain)) {
    const texts = known.answer(name, 'TXT').values.filter(isDmarc);
    if (texts.length > 0) return { name, texts, tags: dmarcTags(texts[0] ?? '') };
  }
  return undefined;
}

/** `v=DMARC1; p=none` as a map. */
export function dmarcTags(text: string): DmarcTags {
  const pairs = text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [
        pair
          .slice(0, at < 0 ? undefined : at)
          .trim()
          .toLowerCase(),
        at < 0 ? '' : pair.slice(at + 1).trim(),
      ];
    }),
  );
}

/** What receivers are to do with mail that is not from the domain, and who is told (RFC 7489). */
export function checkDmarc(domain: string, known: Known): Finding[] {
  const about: About = { check: 'dmarc', group: 'domains', subject: domain, title: `DMARC of ${domain}` };
  const answer: Answer = known.answer(`_dmarc.${normalizeName(domain)}`, 'TXT');
  const suggestion = `v=DMARC1; p=none; rua=mailto:postmaster@${normalizeName(domain)}`;
  const open = unanswered(about, answer, suggestion);
  if (open) return [open];
  const found = findPolicy(domain, known);
  const bad = (state: 'warning' | 'critical', problem: string, text: string, record = suggestion) =>
    wrong(about, state, {
      found: found?.texts.join(' | ') ?? shown(answer),
      expected: record,
      problem,
      fix: { text, records: [textLine(found?.name ?? `_dmarc.${normalizeName(domain)}`, record)] },
    });
  if (!found) {
    const near = answer.values.find((value) => /dmarc/i.test(value));
    return [
      near
        ? bad('warning', `'${near}' is no DMARC record: it has to begin with 'v=DMARC1;'`, 'correct the beginning')
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
  const problems = tagProblems(found.tags);
  if (problems.length > 0) return [bad('critical', `receivers cannot read it: ${problems.join('; ')}`, 'correct it')];
  const unauthorized = refusedReports(domain, known);
  if (unauthorized) return [unauthorized(about, found.texts.join(' | '))];
  return [judgePolicy(about, domain, found)];
}

const oneOf: Readonly<Record<string, readonly string[]>> = {
  p: ['none', 'quarantine', 'reject'],
  sp: ['none', 'quarantine', 'reject'],
  np: ['none', 'quarantine', 'reject'],
  adkim: ['r', 's'],
  aspf: ['r', 's'],
};

function tagProblems(tags: DmarcTags): string[] {
  const problems: string[] = [];
  if (!tags.has('p')) problems.push("the policy 'p=' is missing");
  for (const [tag, allowed] of Object.entries(oneOf)) {
    const value = tags.get(tag)?.toLowerCase();
    if (value !== undefined && !allowed.includes(value)) problems.push(`'${tag}=${value}' is none of ${allowed.join(', ')}`);
  }
  const percent = tags.get('pct');
  if (percent !== undefined && !(/^\d+$/.test(percent) && Number(percent) <= 100))
    problems.push(`'pct=${percent}' is no percentage`);
  for (const tag of ['rua', 'ruf']) {
    const uris =
      tags
        .get(tag)
        ?.split(',')
        .map((uri) => uri.trim()) ?? [];
    const wrongUri = uris.find((uri) => !/^(mailto:[^@\s]+@[^@\s]+|https?:\/\/\S+)$/i.test(uri));
    if (wrongUri !== undefined) problems.push(`'${tag}=${wrongUri}' is no address: write mailto:user@domain`);
  }
  return problems;
}

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

function judgePolicy(
  about: About,
  domain: string,
  { name, texts, tags }: { name: string; texts: string[]; tags: DmarcTags },
): Finding {
  const own = name === `_dmarc.${normalizeName(domain)}`;
  const policy = (own ? tags.get('p') : (tags.get('sp') ?? tags.get('p')))?.toLowerCase();
  const where = own ? '' : ` (at ${name})`;
  const found = `${texts.join(' | ')}${where}`;
  if (policy === 'none' && !tags.has('rua')) {
    return note(about, found, "'p=none' without 'rua' has no effect: nobody acts, and nobody tells you");
  }
  if (policy === 'none')
    return note(about, found, 'receivers report only; quarantine or reject protects the domain, once DKIM signs all its mail');
  if (tags.get('aspf')?.toLowerCase() === 's') {
    return note(about, found, 'strict SPF alignment: mail with a sender in a subdomain needs DKIM to pass');
  }
  return ok(about, found);
}
