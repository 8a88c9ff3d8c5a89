import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultConditions } from '../../lab/model/conditions';

const text = readFileSync(resolve(__dirname, '../../docs/lab.md'), 'utf8');

/** `aws.ec2.vpcs`: every part that is not a group of others. */
function paths(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, part]) =>
    typeof part === 'object' && !Array.isArray(part) ? paths(part, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

/** First column of the table of conditions; a name that begins with a dot is next to the one before it. */
function documented(): string[] {
  const [, table = ''] = /\n\| condition \|[^\n]*\n\|[-| ]*\n((?:\|[^\n]*\n)*)/.exec(text) ?? [];
  return table.split('\n').flatMap((row) => {
    let group = '';
    return [...(row.split('|')[1] ?? '').matchAll(/`([^`]*)`/g)].map(([, name = '']) => {
      if (!name.startsWith('.')) group = name.replace(/\.?[^.]*$/, '');
      return name.startsWith('.') ? `${group}${name}` : name;
    });
  });
}

test('docs/lab.md has every condition of the lab, and no other', () => {
  // Whom AWS asks is not for people to change.
  const conditions = paths(defaultConditions).filter((path) => path !== 'aws.publicResolver');
  expect(documented().sort()).toEqual(conditions.sort());
});
