/** Seconds and MiB of a reload of one map, next to the tools alone. */
interface MapFigures {
  readonly lines: number;
  readonly reload: number;
  readonly trial: number;
  readonly postmap: number;
  readonly 'bare reload': number;
  readonly memory: number;
  readonly 'memory of postmap': number;
}

export interface GateFigures {
  readonly unchanged: { readonly reload: number; readonly 'bare reload': number };
  readonly maps: readonly MapFigures[];
}

const s = (value: number) => `${value.toFixed(2)} s`;

const verdict = (met: boolean) => (met ? 'met' : '**missed**');

/** The reload of a map, of which the trial is shown separately: it is there to be sure, and no tool does the same. */
export function gateTable({ unchanged, maps }: GateFigures): string {
  const rows = maps.map((map) => {
    const own = map.reload - map.trial;
    const floor = map.postmap + map['bare reload'];
    const what = map.lines === 1 ? 'one entry changed' : `${map.lines.toLocaleString('en')} lines changed`;
    return `| ${what} | ${s(map.reload)} | ${s(map.trial)} | ${s(own)} | ${s(map.postmap)} + ${s(map['bare reload'])} | ${(own / floor).toFixed(2)} | ${map.memory} MB (postmap ${map['memory of postmap']} MB) | ${target(map, own, floor)} |`;
  });
  return [
    '| reload | whole | of it the trial | the rest | bare `postmap` + `postfix reload` | rest / bare | largest process | target |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    `| nothing changed | ${s(unchanged.reload)} | | ${s(unchanged.reload)} | ${s(unchanged['bare reload'])} | ${(unchanged.reload / unchanged['bare reload']).toFixed(2)} | | |`,
    ...rows,
  ].join('\n');
}

function target(map: MapFigures, own: number, floor: number): string {
  const memory = `<= 200 MB: ${verdict(map.memory <= 200)}`;
  if (map.lines === 1) return `<= 1.0 s: ${verdict(own <= 1)}, <= 1.5 times: ${verdict(own <= 1.5 * floor)}, ${memory}`;
  return map.lines === 100_000 ? `<= 1.3 times: ${verdict(own <= 1.3 * floor)}, ${memory}` : memory;
}
