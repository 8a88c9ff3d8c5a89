import { appendFileSync } from 'node:fs';

/** Longest piece of what a test said. */
const MOST_LETTERS = 400;

/**
 * Says which test has killed a mutant, and how; `scripts/mutants.mjs` makes the table of all of them.
 * @param killed What the test said; undefined: it passed, and the mutant survives.
 */
export function tell(mutant: string, title: string, killed: string | undefined): void {
  process.stderr.write(`${mutant}\n    ${(killed ?? 'SURVIVES').slice(0, MOST_LETTERS)}\n`);
  const file = process.env.MAILSERVER_MUTANT_OUTCOMES;
  if (file) appendFileSync(file, `${JSON.stringify({ mutant, title, killed: killed !== undefined })}\n`);
}
