import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** A test as its source names it. */
export interface TestTitle {
  /** Path of the file, from the folder of the package, with slashes. */
  readonly file: string;
  /** As it is written; of a table whose title begins with `%s`, the title of each row. */
  readonly title: string;
}

/** Numbers at the beginning of a title: `R38, R39: …` gives R38 and R39. */
export function requirementsOf(title: string): readonly string[] {
  const [numbers] = /^R\d+(, R\d+)*(?=: )/.exec(title) ?? [''];
  return numbers.split(', ').filter(Boolean);
}

/** Tests of all sources below a folder; skipped ones are none, they prove nothing. */
export function testTitlesBelow(folder: string, root: string): TestTitle[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.flatMap((name) => testTitlesOf(join(folder, name), root));
}

/** Tests of one source. @throws when a title is not a literal, for then nobody can look it up. */
export function testTitlesOf(path: string, root: string): TestTitle[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const file = relative(root, path).split(sep).join('/');
  const found: TestTitle[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      for (const title of titlesOfCall(node, file)) found.push({ file, title });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function titlesOfCall(call: ts.CallExpression, file: string): readonly string[] {
  const plain = isTest(call.expression) && call.arguments.length > 1;
  const table = tableOf(call.expression);
  if (!plain && !table) return [];
  const [title] = call.arguments;
  if (!title || !ts.isStringLiteralLike(title))
    throw new Error(`${file}: the title of a test is not a literal: ${title?.getText()}`);
  if (!table || !title.text.startsWith('%s')) return [title.text];
  return rowsOf(table, file).map((row) => row + title.text.slice(2));
}

/** The rows of `test.each(rows)(…)`. */
function tableOf(called: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(called) || !ts.isPropertyAccessExpression(called.expression)) return undefined;
  const { expression, name } = called.expression;
  return name.text === 'each' && isTest(expression) ? called.arguments[0] : undefined;
}

function rowsOf(table: ts.Expression, file: string): readonly string[] {
  if (ts.isCallExpression(table) && table.arguments[0] && table.expression.getText() === 'sampled')
    return rowsOf(table.arguments[0], file);
  if (!ts.isArrayLiteralExpression(table))
    throw new Error(`${file}: the rows of a table whose title begins with %s stand elsewhere`);
  return table.elements.map((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    if (!first || !ts.isStringLiteralLike(first)) throw new Error(`${file}: a row begins with no literal: ${row.getText()}`);
    return first.text;
  });
}

function isTest(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && (node.text === 'test' || node.text === 'it');
}
