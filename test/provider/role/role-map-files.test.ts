import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostError } from '../../../lib/host/host-error';
import { UNKNOWN } from '../../../lib/provider/framework/values';
import { base, conform, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

const PATH = '/etc/mail/virtual-aliases';
const text = 'a@example.com b@example.com\nc@example.com d@example.com\n';

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-map-files-'));
  source = join(folder, 'aliases');
  writeFileSync(source, text);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = () => ({ ...base, map_files: { virtual_aliases: source } });
const digest = (content: string) => createHash('sha256').update(content).digest('hex');
const described = (content: string) => `${content.split('\n').length - 1} lines, SHA-256 ${digest(content)}`;

async function created() {
  const run = terraform();
  await run.apply(settings());
  return run;
}

it('plans number of lines and digest, and keeps nothing else in the state', async () => {
  const run = terraform();
  expect((await run.plan(settings())).planned.files).toMatchObject({ [PATH]: described(text) });
  expect(summaries(await run.apply(settings()))).toEqual([]);
  expect(run.state().files).toMatchObject({ [PATH]: described(text) });
  expect(JSON.stringify(run.state())).not.toContain('b@example.com');
});

it('finds nothing to change when nothing changed, and reads the file once', async () => {
  const run = await created();
  await run.refresh();
  const { planned, diagnostics } = await run.plan(settings());
  expect(conform(planned)).toEqual(run.state());
  expect(diagnostics).toEqual([]);
});

it('shows the lines that change, those of one entry together', async () => {
  const run = await created();
  await run.refresh();
  writeFileSync(source, text.replace('d@', 'new@'));
  run.host.comparison = {
    kind: 'lines',
    removed: ['x@example.com y', 'c@example.com d@example.com'],
    added: ['z@example.com y', 'c@example.com new@example.com'],
  };
  const { planned, diagnostics } = await run.plan(settings());
  expect(planned.files).toMatchObject({ [PATH]: described(text.replace('d@', 'new@')) });
  expect(diagnostics).toEqual([
    {
      severity: 'warning',
      summary: `${PATH}: 2 lines added, 2 removed`,
      detail: [
        `${source}, compared with the host:`,
        '  - x@example.com y',
        '  - c@example.com d@example.com',
        '  + c@example.com new@example.com',
        '  + z@example.com y',
      ].join('\n'),
    },
  ]);
  expect(run.host.open).toBe(0);
});

it('shows what somebody changed on the host, harmless and no more than somebody reads', async () => {
  const run = await created();
  run.host.files[PATH] = digest('other');
  await run.refresh();
  run.host.comparison = {
    kind: 'lines',
    removed: Array.from({ length: 100 }, (_, index) => `evil${index} \u001b[2J`),
    added: [],
  };
  const { diagnostics } = await run.plan(settings());
  expect(diagnostics[0]?.summary).toBe(`${PATH}: 0 lines added, 100 removed`);
  expect(diagnostics[0]?.detail).toContain('  - evil0 \\u{1b}[2J\n');
  expect(diagnostics[0]?.detail.split('\n')).toHaveLength(42);
  expect(diagnostics[0]?.detail).toMatch(/… and 60 more$/);
});

it.each([
  ['only move', { kind: 'lines', removed: [], added: [] } as const, `the lines of ${PATH} change their order`],
  ['differ in too many places', { kind: 'many' } as const, `lines of ${PATH} change`],
  ['cannot be compared', { kind: 'unknown' } as const, `lines of ${PATH} change`],
])('says so when lines %s', async (_, comparison, summary) => {
  const run = await created();
  await run.refresh();
  writeFileSync(source, `${text}e@example.com f@example.com\n`);
  run.host.comparison = comparison;
  expect((await run.plan(settings())).diagnostics).toEqual([expect.objectContaining({ severity: 'warning', summary })]);
});

it('plans on when the host cannot be asked for its lines', async () => {
  const run = await created();
  await run.refresh();
  writeFileSync(source, `${text}e@example.com f@example.com\n`);
  run.host.refusal = new HostError('unreachable', 'no route to host');
  const { planned, diagnostics } = await run.plan(settings());
  expect(planned.files).toMatchObject({ [PATH]: described(`${text}e@example.com f@example.com\n`) });
  expect(diagnostics[0]).toMatchObject({ severity: 'warning', detail: expect.stringContaining('no route to host') });
});

it('asks no host for its lines that this run has not looked at', async () => {
  const run = await created();
  writeFileSync(source, `${text}e@example.com f@example.com\n`);
  run.host.connects = [];
  expect((await run.plan(settings())).diagnostics).toEqual([]);
  expect(run.host.connects).toEqual([]);
});

it('refuses a file with a mistake in it, with its line', async () => {
  const run = terraform();
  writeFileSync(source, `${text}x@example.com |y\n`);
  const { diagnostics } = await run.plan(settings());
  expect(diagnostics).toEqual([
    expect.objectContaining({
      severity: 'error',
      summary: expect.stringContaining(`map_files.virtual_aliases: ${source}:3: `),
      attribute: [{ attribute_name: 'map_files' }, { attribute_name: 'virtual_aliases' }],
    }),
  ]);
});

it('refuses to apply a file that changed after the plan, before the host is touched', async () => {
  const run = terraform();
  const { planned } = await run.plan(settings());
  const config = conform(settings());
  writeFileSync(source, `${text}e@example.com f@example.com\n`);
  const result = await run.resource.apply(
    { prior: null, planned: conform(planned), config, privateState: {} },
    { signal: new AbortController().signal },
  );
  expect(summaries(result)).toEqual([`error: map_files.virtual_aliases: ${source} changed since the plan was made`]);
  expect(run.host.applies).toBe(0);
});

it('leaves open what a path that is not known yet leads to', async () => {
  const run = terraform();
  const { planned, diagnostics } = await run.plan({ ...base, map_files: { virtual_aliases: UNKNOWN } });
  expect(planned.files).toBe(UNKNOWN);
  expect(diagnostics).toEqual([]);
});

it('refreshes from another folder, where the file is not', async () => {
  const run = await created();
  rmSync(source);
  expect((await run.refresh()).diagnostics).toEqual([]);
  expect(run.state().files).toMatchObject({ [PATH]: described(text) });
});

describe('a file that is not the one that the stack was synthesised with', () => {
  const contents = { map_contents: { virtual_aliases: described(text) } };
  const large = `${'x'.repeat(1023)}\n`.repeat(65 * 1024);
  const another = 'z@example.com y@example.com\n';
  const when: [string, () => void, string, string][] = [
    ['changed', () => writeFileSync(source, another), 'changed', `now it has ${described(another)}`],
    ['was emptied', () => writeFileSync(source, ''), 'is empty', ''],
    ['is gone', () => rmSync(source), 'does not exist', ''],
    ['became a link to another', () => linkTo(another), 'changed', `now it has ${described(another)}`],
    ['became a link to nothing', () => linkTo(), 'does not exist', ''],
    ['became a folder', () => becomeFolder(), 'is a folder', ''],
    ['grew over the limit', () => writeFileSync(source, large), 'MiB', ''],
    ['has a mistake in it now', () => writeFileSync(source, 'x@example.com |y\n'), 'aliases:1: ', ''],
  ];
  const becomeFolder = () => {
    rmSync(source);
    mkdirSync(source);
  };
  const linkTo = (content?: string) => {
    rmSync(source);
    if (content) writeFileSync(`${source}.other`, content);
    symlinkSync(`${source}.other`, source);
  };
  const refusal = (now = '') =>
    `When the stack was synthesised, the file had ${described(text)}${now && `; ${now}`}.\nNothing was changed on the mail host. Plan again:`;

  it.each(when)('is refused by the plan when it %s', async (_, change, summary, now) => {
    const run = terraform();
    change();
    const { diagnostics } = await run.plan({ ...settings(), ...contents });
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', summary: expect.stringContaining(`map_files.virtual_aliases: ${source}`) }),
    ]);
    expect(diagnostics[0]?.summary).toContain(summary);
    expect(diagnostics[0]?.detail).toContain(refusal(now));
  });

  it.each(when)(
    'is refused by the apply when it %s after the plan, before the host is touched',
    async (_, change, summary, now) => {
      const run = terraform();
      const wanted = { ...settings(), ...contents };
      const { planned } = await run.plan(wanted);
      change();
      const request = { prior: null, planned: conform(planned), config: conform(wanted), privateState: {} };
      const { diagnostics } = await run.resource.apply(request, { signal: new AbortController().signal });
      expect(diagnostics[0]?.summary).toContain(summary);
      expect(diagnostics[0]?.detail).toContain(refusal(now));
      expect(run.host.connects.length).toBe(1);
      expect(run.host.applies).toBe(0);
    },
  );

  it('is none when it is a link to the same lines', async () => {
    linkTo(text);
    const { diagnostics } = await terraform().plan({ ...settings(), ...contents });
    expect(diagnostics).toEqual([]);
  });
});
