import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

interface Case {
  readonly entries?: readonly string[];
  readonly sender?: string;
  readonly fields?: readonly string[];
  readonly problem?: string;
}

const cases = JSON.parse(readFileSync(join(__dirname, 'senders.json'), 'utf8')) as Readonly<
  Record<'senders' | 'fields', readonly Case[]>
>;

const PROGRAM = `import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(join(__dirname, '../../../lib/role/remote/logins.d'))})
from senders import envelope_problem, header_problem
cases = json.load(sys.stdin)
origin = "mail.example.test"
print(json.dumps({
    "senders": [envelope_problem(frozenset(case["entries"]), case["sender"], origin) for case in cases["senders"]],
    "fields": [header_problem(frozenset(["example.test"]), case["fields"], origin) for case in cases["fields"]],
}))`;

const { stdout, stderr } = spawnSync(hostPython, ['-c', PROGRAM], { input: JSON.stringify(cases), encoding: 'utf8' });
const found = JSON.parse(stdout || JSON.stringify({ senders: [stderr], fields: [] })) as Record<string, (string | null)[]>;

describe('an envelope', () => {
  it.each(cases.senders.map((each, index) => [each, index] as const))('of %j', ({ problem = null }, index) => {
    expect(found.senders?.[index]).toBe(problem);
  });
});

describe('From fields, where a login may write as example.test,', () => {
  it.each(cases.fields.map((each, index) => [each, index] as const))('of %j', ({ problem = null }, index) => {
    expect(found.fields?.[index]).toBe(problem);
  });
});
