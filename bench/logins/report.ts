/** What the program that watches logins costs. */
export interface LoginFigures {
  readonly mails: number;
  /** Milliseconds of the processors for a mail. */
  readonly processor: number;
  /** Milliseconds of the processors for a second in which nothing is submitted. */
  readonly idle: number;
  /** MiB of its largest size. */
  readonly memory: number;
  /** Milliseconds of a whole dialogue on 587, with the program and without it. */
  readonly watched: number;
  readonly unwatched: number;
}

const TARGET = { processor: 2, memory: 40 } as const;

const verdict = (met: boolean) => (met ? 'met' : '**missed**');

export function loginTable({ mails, processor, idle, memory, watched, unwatched }: LoginFigures): string {
  const ratio = watched / unwatched;
  return [
    '| logins | measured | target |',
    '| --- | --- | --- |',
    `| CPU for a submitted mail (${mails.toLocaleString('en')} mails) | ${processor.toFixed(2)} ms | 2 ms: ${verdict(processor <= TARGET.processor)} |`,
    `| CPU for a second without mail | ${idle.toFixed(2)} ms | |`,
    `| memory, largest | ${memory} MB | 40 MB: ${verdict(memory <= TARGET.memory)} |`,
    `| dialogue on 587, from the connection to the reply to the mail; without the program | ${watched.toFixed(1)} ms; ${unwatched.toFixed(1)} ms, ratio ${ratio.toFixed(2)} | as quick: ${verdict(ratio <= MOST_SLOWER)} |`,
  ].join('\n');
}

/** What the noise of a machine is, and no person notices. */
const MOST_SLOWER = 1.1;
