import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testTitlesOf } from '../support/test-titles';

const root = resolve(__dirname, '../..');
const attacks = 'test/e2e/attacks';
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** The headings of docs/security.md, with the promises below each. */
const sections = text
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [who = '', ...rest] = section.split('\n');
    const promises = rest
      .join('\n')
      .split(/^(?=\*\*)/m)
      .slice(1)
      .map((promise) => ({
        statement: /^\*\*([\s\S]+?)\*\*\n/.exec(promise)?.[1] ?? '',
        proofs: [...promise.matchAll(/^- `(test\/.+?)`: (.*)$/gm)].map(([, file = '', title = '']) => ({ file, title })),
      }));
    return { who, promises, text: rest.join('\n') };
  });
const proofs = sections.flatMap(({ promises }) => promises.flatMap((promise) => promise.proofs));

describe('docs/security.md', () => {
  test('speaks of everybody who can reach a mail host, or what deploys it', () => {
    expect(sections.map(({ who }) => who)).toEqual([
      'A stranger on the internet',
      'A client that has logged in',
      'A service user',
      'Another local user',
      'An administrator',
      'Whoever runs Terraform',
      'The network in between',
      'A hostile host',
      'A hostile DNS or mail server',
      'Left by design',
    ]);
  });

  test('names tests that exist and run', () => {
    const lost = proofs.filter(
      ({ file, title }) =>
        !existsSync(join(root, file)) || !testTitlesOf(join(root, file), root).some((each) => each.title === title),
    );
    expect(lost).toEqual([]);
  });

  test('proves each promise by a test at least', () => {
    for (const { statement, proofs } of sections.flatMap(({ promises }) => promises)) {
      expect({ statement, proven: proofs.length > 0 && /^\S[\s\S]{20,}\.$/.test(statement) }).toEqual({
        statement,
        proven: true,
      });
    }
  });

  test('leaves out no attack that is tried', () => {
    const named = new Set(proofs.map(({ file }) => file));
    const modules = readdirSync(join(root, attacks)).filter(
      (name) => name.endsWith('.ts') && !/-grammar\.ts$|^harness\.ts$/.test(name),
    );
    expect(modules.map((name) => `${attacks}/${name}`).filter((file) => !named.has(file))).toEqual([]);
  });
});
