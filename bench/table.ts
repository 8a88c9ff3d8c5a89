/** One measured figure: what it is, its value with unit, the bar it is held against, if there is one. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'MB';
  readonly target?: number;
  readonly note?: string;
}

/** The rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const verdict =
      row.target === undefined
        ? ''
        : row.value <= row.target
          ? `<= ${row.target} ${row.unit}: met`
          : `<= ${row.target} ${row.unit}: **missed**`;
    return `| ${row.what} | ${row.value.toFixed(row.unit === 's' ? 2 : 0)} ${row.unit} | ${verdict} | ${row.note ?? ''} |`;
  });
  return ['| what | measured | target | note |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
