import { harmless } from '../../text/harmless';
import { type State, type VerifyReport, worst } from '../../verify';

/** Exit code and name of each state, for Nagios and its kin. */
const codes: Readonly<Record<State, readonly [code: number, name: string]>> = {
  ok: [0, 'OK'],
  note: [0, 'OK'],
  warning: [1, 'WARNING'],
  critical: [2, 'CRITICAL'],
  unknown: [3, 'UNKNOWN'],
};

export const exitCode = (state: State): number => codes[state][0];

/** Findings on the line; Nagios cuts it off after a few kilobytes, figures and all. */
const most = 10;

/** One line with performance data; a pipe would begin the latter too early. Of several hosts each finding says which it is of. */
export function nagiosLine(reports: readonly VerifyReport[]): string {
  const order: readonly State[] = ['critical', 'unknown', 'warning'];
  const all = reports.flatMap(({ subject, findings }) =>
    findings.map((finding) => ({ ...finding, of: reports.length > 1 ? `${subject.heloName}: ` : '' })),
  );
  const state = worst(reports.map((report) => report.state));
  const milliseconds = reports.reduce((sum, report) => sum + report.milliseconds, 0);
  const count = (name: State) => reports.reduce((sum, { counts }) => sum + counts[name], 0);
  const bad = order.flatMap((each) => all.filter((finding) => finding.state === each));
  const what = bad.map(({ of, title, problem }) => `${of}${title}: ${problem}`);
  const more = what.length > most ? [`and ${what.length - most} more`] : [];
  const text =
    what.length > 0
      ? [...what.slice(0, most), ...more].join('; ')
      : `${reports.map(({ subject }) => subject.heloName).join(', ')}: ${count('ok')} checks are well`;
  const figures = [
    `time=${(milliseconds / 1000).toFixed(3)}s`,
    ...(['critical', 'warning', 'unknown', 'ok'] as const).map((each) => `${each}=${count(each)}`),
  ];
  return `MAILSERVER ${codes[state][1]} - ${harmless(text.replace(/[|\r\n]+/g, ' '))} | ${figures.join(' ')}`;
}
