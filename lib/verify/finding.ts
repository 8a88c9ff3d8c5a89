/**
 * - `ok`
 * - `note`: worth knowing, nothing to be done
 * - `warning`: mail flows, but somebody should look
 * - `critical`: mail is lost, refused or judged as spam
 * - `unknown`: could not be found out
 */
export type State = 'ok' | 'note' | 'warning' | 'critical' | 'unknown';

/** Sections of a report, in their order. */
export const groups = {
  names: 'HELO name and addresses',
  domains: 'Mail domains',
  zones: 'Zones and name servers',
  blocklists: 'Blocklists',
  smtp: 'Mail dialogue, from outside',
  outbound: 'Outgoing mail',
  host: 'Inside the mail host',
} as const;

export type Group = keyof typeof groups;

/** One thing that was checked. Whoever reads a bad one knows what is wrong, both values, and what to do. */
export interface Finding {
  /** Stable name of the check for programs, e.g. `ptr`. */
  readonly check: string;
  readonly group: Group;
  /** What it is about: a name, a domain, an address, a list. */
  readonly subject: string;
  /** For people, e.g. `PTR of 198.51.100.25`. */
  readonly title: string;
  readonly state: State;
  /** What was seen. */
  readonly found: string;
  /** What should have been seen; absent where everything is healthy. */
  readonly expected?: string;
  /** What is wrong, in a sentence without final dot. */
  readonly problem?: string;
  readonly fix?: Fix;
}

/** How to fix it. */
export interface Fix {
  /** What to do, in words. */
  readonly text: string;
  /** Lines of a zone file: what should be there. */
  readonly records?: readonly string[];
  readonly command?: string;
}

/** From harmless to bad, as the checks on the host count: what is not known is worse than a warning. */
const severity: readonly State[] = ['ok', 'note', 'warning', 'unknown', 'critical'];

/** The worst of several states; `ok` when there are none. */
export function worst(states: readonly State[]): State {
  return severity[Math.max(0, ...states.map((state) => severity.indexOf(state)))] ?? 'ok';
}

const order: readonly State[] = ['critical', 'unknown', 'warning'];

/** Whether somebody has to do something about it. */
export const isBad = (state: State): boolean => order.includes(state);

/** What is bad, the worst first; what is well follows in its own order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...order.flatMap((state) => findings.filter((finding) => finding.state === state)),
    ...findings.filter(({ state }) => !isBad(state)),
  ];
}

/** The beginning of every finding about one thing. */
export type About = Pick<Finding, 'check' | 'group' | 'subject' | 'title'>;

export const ok = (about: About, found: string): Finding => ({ ...about, state: 'ok', found });

export const note = (about: About, found: string, problem?: string): Finding => ({
  ...about,
  state: 'note',
  found,
  ...(problem !== undefined && { problem }),
});

/** What is wrong: all of it has to be said. */
export function wrong(
  about: About,
  state: 'warning' | 'critical' | 'unknown',
  what: { found: string; expected: string; problem: string; fix: Fix },
): Finding {
  return { ...about, state, ...what };
}
