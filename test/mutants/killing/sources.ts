import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../../lab/system';
import { nameOf, type SourceMutant } from '../mutant';
import { tell } from '../outcomes';
import { mutantsOfSources } from '../table/of-sources';

const root = resolve(__dirname, '../../..');
/** What the unit tests need of the package, next to its modules. */
const PARTS = [
  'lib',
  'stacks',
  'lab',
  'test',
  'types',
  'docs',
  'scripts',
  'package.json',
  'jest.config.js',
  'tsconfig.json',
  'cdktf.json',
];

interface Result {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string }[] }[];
}

describe('mutants of the sources', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'mailserver-mutant-'));
    for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** What became of a test in the copy. */
  const statusOf = async (file: string, title: string): Promise<string | undefined> => {
    const report = join(copy, 'report.json');
    const jest = ['node_modules/jest/bin/jest.js', file, '--selectProjects', 'unit', '--json', `--outputFile=${report}`];
    await run(process.execPath, jest, { cwd: copy, timeout: 180_000, accept: [0, 1] });
    const result = JSON.parse(readFileSync(report, 'utf8')) as Result;
    if (result.numRuntimeErrorTestSuites > 0) return 'no test: its file does not run';
    return result.testResults.flatMap((each) => each.assertionResults).find((each) => each.title === title)?.status;
  };

  const rows = mutantsOfSources.map((mutant): [string, SourceMutant] => [nameOf(mutant), mutant]);
  test.each(rows)(
    '%s',
    async (name, { source, from, to, killedBy }) => {
      const path = join(copy, source);
      const text = readFileSync(path, 'utf8');
      for (const { file, title } of killedBy) {
        expect(await statusOf(file, title)).toBe('passed');
        writeFileSync(
          path,
          text.replace(from, () => to),
        );
        try {
          const status = await statusOf(file, title);
          tell(name, title, status === 'failed' ? `fails in ${file}` : undefined);
          expect({ title, status }).toEqual({ title, status: 'failed' });
        } finally {
          writeFileSync(path, text);
        }
      }
    },
    400_000,
  );
});
