/** One measured figure: what it is, its value with unit, the bar it is held against, if there is one. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'MB';
  readonly target?: number;
  /** How much of the target is waiting and not work, which goes by the clock on any machine; in the unit of the value. Default: 0. */
  readonly waiting?: number;
  readonly note?: string;
}

/**
 * The rows as a Markdown table. A target in seconds is of the machine where it was set; next to it stands what it comes to where
 * the same work takes `slowness` times as long.
 */
export function markdownTable(rows: readonly Row[], slowness: number): string {
  const lines = rows.map((row) => {
    const { what, value, unit, target, note } = row;
    const here = target === undefined || unit !== 's' ? undefined : targetHere(target, row.waiting ?? 0, slowness);
    const [there, scaled] = [target, here].map((bar) => (bar === undefined ? '' : verdict(value, bar, unit)));
    return `| ${what} | ${value.toFixed(digits(unit))} ${unit} | ${there} | ${scaled} | ${note ?? ''} |`;
  });
  return [
    "| what | measured | target | target at this machine's speed | note |",
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const targetHere = (target: number, waiting: number, slowness: number) => waiting + (target - waiting) * slowness;

function verdict(value: number, bar: number, unit: Row['unit']): string {
  return `<= ${Number(bar.toFixed(digits(unit)))} ${unit}: ${value <= bar ? 'met' : '**missed**'}`;
}

const digits = (unit: Row['unit']) => (unit === 's' ? 2 : 0);
