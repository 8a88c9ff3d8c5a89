import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { incidents, requirements } from '../support/requirements-document';
import { requirementsOf, testTitlesBelow, testTitlesOf } from '../support/test-titles';

const root = resolve(__dirname, '../..');
const END_TO_END = 'test/e2e/';

const endToEnd = testTitlesBelow(join(root, END_TO_END), root);
const line = ({ file, title }: { file: string; title: string }) => `- \`${file}\`: ${title}`;

describe('docs/requirements.md', () => {
  test('has all 46 requirements, in order, each with a statement', () => {
    expect(requirements.map(({ name }) => name)).toEqual(Array.from({ length: 46 }, (_, index) => `R${index + 1}`));
    for (const { name, statement } of requirements) expect(`${name}: ${statement}`).toMatch(/^R\d+: \S[\s\S]{20,}\.$/);
  });

  test('names an end-to-end test for each of them', () => {
    const unproven = requirements.filter(({ proofs }) => !proofs.some(({ file }) => file.startsWith(END_TO_END)));
    expect(unproven.map(({ name }) => name)).toEqual([]);
  });

  test.each([
    ['requirements', requirements],
    ['incidents', incidents],
  ])('names no test among the %s that is not there or is skipped', (_name, entries) => {
    const proofs = entries.flatMap((entry) => entry.proofs);
    const titles = new Map<string, Set<string>>();
    for (const file of new Set(proofs.map((proof) => proof.file))) {
      const found = existsSync(join(root, file)) ? testTitlesOf(join(root, file), root) : [];
      titles.set(file, new Set(found.map(({ title }) => title)));
    }
    expect(proofs.filter(({ file, title }) => !titles.get(file)?.has(title)).map(line)).toEqual([]);
  });

  test('names every end-to-end test below each requirement whose number it has, and below no other', () => {
    const listed = requirements.flatMap(({ name, proofs }) =>
      proofs.filter(({ file }) => file.startsWith(END_TO_END)).map((proof) => `${name} ${line(proof)}`),
    );
    const wanted = endToEnd.flatMap((test) => requirementsOf(test.title).map((number) => `${number} ${line(test)}`));
    expect([...new Set(listed)].sort()).toEqual([...new Set(wanted)].sort());
  });

  test('says of each incident which test shows it, or why none can', () => {
    expect(incidents).toHaveLength(48);
    for (const { name, statement, proofs } of incidents) {
      expect({ name, shown: proofs.length > 0 || /Not shown: \S[\s\S]{20,}\.$/.test(statement) }).toEqual({ name, shown: true });
      expect(name).toMatch(/^20\d\d\/\S+/);
    }
  });
});

describe('the titles of end-to-end tests', () => {
  test('have numbers of requirements that exist, written alike', () => {
    const odd = endToEnd.filter(({ title }) => /^R\d/.test(title) && requirementsOf(title).length === 0);
    expect(odd).toEqual([]);
    const known = new Set(requirements.map(({ name }) => name));
    expect(endToEnd.flatMap(({ title }) => requirementsOf(title)).filter((number) => !known.has(number))).toEqual([]);
  });

  test('that repeat in a file are none, for then one of them could be renamed unseen', () => {
    const seen = endToEnd.filter(({ title }) => requirementsOf(title).length > 0).map(line);
    expect(seen.filter((each, index) => seen.indexOf(each) !== index)).toEqual([]);
  });
});
