import { markdownTable, type Row } from '../../bench/table';

const cells = (row: Row, slowness: number) =>
  (markdownTable([row], slowness).split('\n')[2] ?? '')
    .split('|')
    .slice(2, 5)
    .map((cell) => cell.trim());

describe('the table of figures', () => {
  it('holds a figure against its target as it is, and at the speed of this machine', () => {
    const row: Row = { what: 'synth', value: 0.4, unit: 's', target: 0.35 };
    expect(cells(row, 1.2)).toEqual(['0.40 s', '<= 0.35 s: **missed**', '<= 0.42 s: met']);
    expect(cells(row, 0.5)).toEqual(['0.40 s', '<= 0.35 s: **missed**', '<= 0.17 s: **missed**']);
  });

  it('does not stretch what is waited for', () => {
    expect(cells({ what: 'far', value: 0.5, unit: 's', target: 0.6, waiting: 0.4 }, 1.5)[2]).toBe('<= 0.7 s: met');
  });

  it('does not stretch memory, and says nothing where there is no target', () => {
    expect(cells({ what: 'memory', value: 86, unit: 'MB', target: 90 }, 2)).toEqual(['86 MB', '<= 90 MB: met', '']);
    expect(cells({ what: 'memory', value: 91, unit: 'MB', target: 90 }, 2)).toEqual(['91 MB', '<= 90 MB: **missed**', '']);
    expect(cells({ what: 'floor', value: 0.11, unit: 's' }, 2)).toEqual(['0.11 s', '', '']);
  });
});
