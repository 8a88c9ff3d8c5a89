import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restrictionListProblem } from '../../lib/role/settings/restriction-list';
import { hostPython } from '../support/python';

/** A list, the classes that are declared, and what is said of it. */
interface Case {
  readonly value: string;
  readonly classes?: readonly string[];
  readonly problem?: string;
}

const cases: readonly Case[] = JSON.parse(readFileSync(join(__dirname, 'restriction-lists.json'), 'utf8'));
const RULES = join(__dirname, '../../lib/role/remote/postfix-rules');

/** What the host says of all of them, one line each. */
const onHost = (): (string | null)[] => {
  const script = `import json, sys; sys.dont_write_bytecode = True; sys.path.insert(0, ${JSON.stringify(RULES)})
from restrictions import list_problem
print(json.dumps([list_problem(case["value"], set(case.get("classes", []))) for case in json.load(sys.stdin)]))`;
  const { stdout, stderr } = spawnSync(hostPython, ['-c', script], { input: JSON.stringify(cases), encoding: 'utf8' });
  return stdout === '' ? [stderr] : JSON.parse(stdout);
};

test.each(cases.map(({ value, classes, problem }) => [value, classes, problem] as const))(
  'the restrictions %j (classes %j): %j',
  (value, classes, problem) => {
    expect(restrictionListProblem(value, new Set(classes))).toBe(problem);
  },
);

test('the host says the same of every list', () => {
  expect(onHost()).toEqual(cases.map(({ problem }) => problem ?? null));
});
