import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A heading of docs/requirements.md and the tests below it. */
export interface Entry {
  /** `R14`, `2012/r007`. */
  readonly name: string;
  readonly statement: string;
  readonly proofs: readonly { readonly file: string; readonly title: string }[];
}

const text = readFileSync(join(resolve(__dirname, '../..'), 'docs/requirements.md'), 'utf8');
const [requirementsText = '', incidentsText = ''] = text.split(/^## Incidents$/m);

export const requirements = entriesOf(requirementsText);
export const incidents = entriesOf(incidentsText);

/** Reads `**NAME** statement` and the lines `- \`file\`: title` that follow it. */
function entriesOf(section: string): Entry[] {
  return section
    .split(/^(?=\*\*)/m)
    .slice(1)
    .map((text) => {
      const [, name = '', statement = ''] = /^\*\*(.+?)\*\* ([\s\S]*?)(?=\n\n|\n- |$)/.exec(text) ?? [];
      const proofs = [...text.matchAll(/^- `(.+?)`: (.*)$/gm)].map(([, file = '', title = '']) => ({ file, title }));
      return { name, statement, proofs };
    });
}
