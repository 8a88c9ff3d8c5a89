import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parameterClasses } from '../../lib/role/settings/service-user-parameter';

const PAGE = join(__dirname, '../../docs/parameters.md');
const BEGIN = 'UPDATE_DOCS=1 npx jest test/docs/parameters -->\n';

/** Headings of the groups, in the order of the page; the words of a refusal are in classes.py. */
const GROUPS: Readonly<Record<string, string>> = {
  root: 'They decide what runs as root, or which files root opens',
  others: "They could show other people's mail to someone else",
  filter: 'They could lead mail past the filters, or through another program',
  routes: "They decide where everybody's mail goes",
  rewrites: "They could change commands and replies in everybody's SMTP sessions",
  secrets: "They could reveal other people's passwords",
  login: 'They decide who can log in',
  relay: 'They decide who may send through this host, and to whom',
  tls: 'They decide how secure connections are',
  identity: 'They are part of the identity of the host',
  running: 'They could keep Postfix from running',
};

/** The part of the page that follows the table. */
function groups(): string {
  const sections = Object.entries(GROUPS).map(([why, heading]) => {
    const members = parameterClasses().filter((each) => each.rule === 'stack' && each.why === why);
    const words = members.map(
      ({ name, property }) =>
        `\`${name}\`${property === '-' ? ' (part of the role)' : property ? ` (property \`${property}\`)` : ''}`,
    );
    return `\n### ${heading}\n\n${wrapped(`${words.join(', ')}.`)}\n`;
  });
  return sections.join('');
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length >= 130) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

test('the page about parameters names each that is the stack’s, with its reason', () => {
  const [head = '', current = ''] = readFileSync(PAGE, 'utf8').split(BEGIN);
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, `${head}${BEGIN}${groups()}`);
  else expect(current).toBe(groups());
});

test('every parameter that is the stack’s has a reason of the page', () => {
  const reasons = parameterClasses().flatMap(({ rule, why }) => (rule === 'stack' ? [why ?? ''] : []));
  expect(Object.keys(GROUPS).sort()).toEqual([...new Set(reasons)].sort());
});
