/** `npm run test:all`. */
export const everyRow = process.env.MAILSERVER_EVERY_ROW === '1';

/** A test whose kind another one shows as well, and that takes minutes: only `npm run test:all` runs it. */
export const testOfAll: (title: string, work: () => Promise<void>) => void = everyRow ? test : () => undefined;

/**
 * Some rows of a table whose rows take long, evenly spread: enough to see that the kind holds. `npm run test:all` runs every row,
 * and so does MAILSERVER_EVERY_ROW=1. MAILSERVER_SEED, a number, chooses others. Default: 0.
 */
export function sampled<Row>(rows: readonly Row[], count: number): readonly Row[] {
  if (everyRow || count >= rows.length) return rows;
  const first = Number(process.env.MAILSERVER_SEED ?? 0);
  const chosen = new Set(Array.from({ length: count }, (_, n) => (first + Math.floor((n * rows.length) / count)) % rows.length));
  return rows.filter((_, index) => chosen.has(index));
}
