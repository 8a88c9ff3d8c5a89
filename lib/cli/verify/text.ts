import { type Finding, type Group, groups, isBad, type State, type VerifyReport } from '../../verify';
import { duration } from '../progress';
import { paint } from '../terminal';

export const marks: Readonly<Record<State, string>> = { ok: '✔', note: '·', warning: '▲', critical: '✘', unknown: '?' };
/** What a report comes down to. */
export const verdicts: Readonly<Record<State, string>> = {
  ok: 'Healthy: the world agrees with this mail server.',
  note: 'Healthy: the world agrees with this mail server.',
  warning: 'Mail flows, but somebody should look.',
  unknown: 'Not everything could be found out.',
  critical: 'Mail is being refused, lost or distrusted.',
};

const colours = { ok: 'green', note: 'cyan', warning: 'yellow', critical: 'red', unknown: 'magenta' } as const;

/** Domains of which each good line is still shown. */
const manyDomains = 10;
/** Characters that a title may take before the values begin. */
const widestTitle = 46;

export interface TextOptions {
  /** Everything, also the good lines of many domains. */
  readonly all?: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The report for people at a terminal. */
export function reportText(report: VerifyReport, { all = false, width }: TextOptions): string {
  const { heloName, addresses, domains } = report.subject;
  const brief = !all && domains.length > manyDomains;
  const shown = brief ? report.findings.filter(({ group, state }) => group !== 'domains' || isBad(state)) : report.findings;
  const titles = Math.min(widestTitle, Math.max(0, ...shown.map(({ title }) => title.length)));
  const about = [addresses.join(', '), domains.length > 3 ? `${domains.length} domains` : domains.join(', ')].filter(Boolean);
  const lines = [`${paint('bold', heloName)}  ${paint('dim', about.join(' · '))}`];
  for (const group of Object.keys(groups) as Group[]) {
    const members = shown.filter((finding) => finding.group === group);
    const hidden = report.findings.filter((finding) => finding.group === group).length - members.length;
    if (members.length === 0 && hidden === 0) continue;
    lines.push('', paint('bold', groups[group]));
    for (const finding of members) lines.push(...findingLines(finding, titles, width));
    if (hidden > 0)
      lines.push(`  ${mark('ok')}  ${hidden} checks of ${domains.length} domains are well ${paint('dim', '(--all lists them)')}`);
  }
  return `${lines.join('\n')}\n\n${summary(report)}\n`;
}

const mark = (state: State) => paint(colours[state], marks[state]);

function findingLines(finding: Finding, titles: number, width: number): string[] {
  const { state, title, found, expected, problem, fix } = finding;
  const room = Math.max(30, width - titles - 7);
  const head = `  ${mark(state)}  ${title.padEnd(titles)}  `;
  const indent = ' '.repeat(titles + 7);
  const values = wrap(found, room).map((line) => (isBad(state) ? paint(colours[state], line) : line));
  if (state === 'ok') return [`${head}${shorten(found, room)}`];
  const lines = [`${head}${values.join(`\n${indent}`)}`];
  const labelled = (label: string, text: string, painted = (line: string) => line) => {
    const [first = '', ...rest] = wrap(text, Math.max(30, width - 16));
    lines.push(
      `     ${paint('dim', label.padEnd(9))} ${painted(first)}`,
      ...rest.map((line) => `${' '.repeat(15)}${painted(line)}`),
    );
  };
  if (problem !== undefined) labelled(state === 'note' ? 'note' : 'problem', problem);
  if (expected !== undefined) labelled('expected', expected);
  if (fix) labelled('fix', fix.text);
  // Whole, however long: they are copied.
  for (const text of [...(fix?.records ?? []), ...(fix?.command ? [fix.command] : [])])
    lines.push(`${' '.repeat(15)}${paint('cyan', text)}`);
  return lines;
}

function shorten(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

/** Lines of at most `width` characters, broken at spaces; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The verdict, how many there are of each state, and the time it took. */
function summary({ counts, milliseconds, state }: VerifyReport): string {
  const parts = [
    counts.critical > 0 && paint(colours.critical, `${counts.critical} critical`),
    counts.unknown > 0 && paint(colours.unknown, `${counts.unknown} unknown`),
    counts.warning > 0 && paint(colours.warning, `${counts.warning} ${counts.warning === 1 ? 'warning' : 'warnings'}`),
    counts.note > 0 && `${counts.note} ${counts.note === 1 ? 'note' : 'notes'}`,
    paint(colours.ok, `${counts.ok} well`),
  ].filter(Boolean);
  const verdict = paint('bold', verdicts[state]);
  return `${verdict} ${parts.join(', ')}, in ${duration(milliseconds)}`;
}
