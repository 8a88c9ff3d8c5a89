import { median } from '../statistics';

export interface PushFigures {
  /** Seconds of a push and of the bare installation right after it. */
  readonly pairs: readonly { readonly push: number; readonly bare: number }[];
  readonly packages: number;
}

const s = (value: number) => `${value.toFixed(1)} s`;

export function pushTable({ pairs, packages }: PushFigures): string {
  const ratio = median(pairs.map(({ push, bare }) => push / bare));
  return [
    `medians of ${pairs.length} pairs; ratio of each: ${pairs.map(({ push, bare }) => (push / bare).toFixed(2)).join(', ')}`,
    '',
    '| | measured | target |',
    '| --- | --- | --- |',
    `| first push of the role | ${s(median(pairs.map(({ push }) => push)))} | |`,
    `| \`apt-get install\` of the same ${packages} packages | ${s(median(pairs.map(({ bare }) => bare)))} | |`,
    `| ratio | ${ratio.toFixed(2)} | <= 1.15: ${ratio <= 1.15 ? 'met' : '**missed**'} |`,
  ].join('\n');
}
