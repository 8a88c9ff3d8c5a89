import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One property and a value for it. */
export interface GoodInput {
  readonly property: string;
  readonly value: unknown;
}

/** The same with what is said of it: `path: message`, one a line. */
export interface BadInput extends GoodInput {
  readonly error: string;
}

/** The cases of a folder of fixtures, each file an area. */
export function inputs<Case extends GoodInput>(folder: string): [area: string, cases: Case[]][] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => [basename(name, '.json'), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case[]]);
}
