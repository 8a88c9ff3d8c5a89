import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeSet } from '../../lib/host/change-set';
import type { DesiredState } from '../../lib/host/desired-state';
import { diff, isEmpty } from '../../lib/host/diff';
import type { HostFacts } from '../../lib/host/host-facts';
import { manifestOf } from '../../lib/host/manifest';
import { viewOfDesired, viewOfFacts } from '../../lib/host/view';
import { bareHost, compact, nothing } from './support/states';

interface Case {
  readonly it: string;
  readonly facts?: Partial<HostFacts>;
  readonly desired?: Partial<DesiredState>;
  /** What the diff says, without its empty parts. Absent: nothing to do. */
  readonly changes?: Partial<ChangeSet>;
  readonly refused?: string;
}

const folder = join(__dirname, 'fixtures');

describe.each(readdirSync(folder).map((file) => file.replace('.json', '')))('%s', (subject) => {
  const cases = JSON.parse(readFileSync(join(folder, `${subject}.json`), 'utf8')) as Case[];

  test.each(cases.map((item) => [item.it, item] as const))('%s', (_, { facts: live, desired: wanted, changes, refused }) => {
    const desired = { ...nothing, ...wanted };
    const facts = { ...bareHost, manifest: manifestOf(desired), ...live };
    if (refused !== undefined) {
      expect(() => diff(facts, desired)).toThrow(refused);
      return;
    }
    const found = diff(facts, desired);
    expect(compact(found) ?? {}).toEqual(changes ?? {});
    expect(isEmpty(found)).toBe(changes === undefined);
    // The plan shows a difference exactly when the apply has something to do.
    const invisible = { ...found, manifest: false, obsoleteDirectories: [] };
    const same = JSON.stringify(viewOfFacts(facts, desired)) === JSON.stringify(viewOfDesired(desired));
    expect({ planIsEmpty: same }).toEqual({ planIsEmpty: isEmpty(invisible) });
  });
});
