import type { CloudZone } from '../../lab/model/contracts';
import { newDomains } from '../../lab/registrar';

const zone = (name: string): CloudZone => ({ id: name, name, records: [] });

test.each<[what: string, zones: string[], delegated: string[], expected: string[]]>([
  ['a zone that is new', ['a.test.'], [], ['a.test.']],
  ['no zone that has name servers already', ['a.test.', 'b.test.'], ['a.test.'], ['b.test.']],
  ['no zone below another one', ['a.test.', 'sub.a.test.'], ['a.test.'], []],
  ['none of two zones of one name', ['a.test.', 'a.test.'], [], []],
])('the owner of a domain registers %s', (_, zones, delegated, expected) => {
  const delegations = Object.fromEntries(delegated.map((name) => [name, ['ns.test.']]));
  expect(newDomains(zones.map(zone), delegations)).toEqual(expected);
});
