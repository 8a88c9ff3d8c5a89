import { ansibleProblem } from '../../bench/ansible';
import { ansiblePlaybook } from '../../bench/ansible-playbook';
import { median } from '../../bench/statistics';
import { nothing } from '../host/support/states';

test('the median of an even number of values is between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
  expect(() => median([])).toThrow('no values');
});

test.each([
  ['mail : ok=9 changed=0 unreachable=0 failed=0', 0, undefined],
  ['mail : ok=9 changed=1 unreachable=0 failed=0', 0, /not a no-op/],
  ['mail : ok=0 changed=0 unreachable=1 failed=0', 4, /unreachable=1/],
  ['ERROR! no strategy', 250, /no strategy/],
])('a run of Ansible counts only when it was a no-op: %s', (output, status, problem) => {
  if (problem === undefined) expect(ansibleProblem(output, status)).toBeUndefined();
  else expect(ansibleProblem(output, status)).toMatch(problem);
});

test('the playbook has every file, package and running service of the desired state', () => {
  const file = { path: '/etc/a', content: 'a\n', owner: 'root', group: 'root', mode: '0644' };
  const playbook = ansiblePlaybook({
    ...nothing,
    packages: ['postfix'],
    files: [file],
    derived: [{ name: 'd', check: 'test -e /derived', build: 'true' }],
    services: [{ unit: 'postfix.service', state: 'running', restartOn: [], reloadOn: [] }],
  });
  for (const part of ['/etc/a', 'postfix', 'postfix.service', 'test -e /derived']) expect(playbook).toContain(part);
  expect(JSON.parse(playbook)[0].gather_facts).toBe(false);
});
