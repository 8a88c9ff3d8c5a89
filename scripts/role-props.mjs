/**
 * Writes lib/constructs/mail-server/mail-role-props.ts: the settings of the role as an interface with doc comments, for editors and readers. The schema
 * stays the only source; a test compares. Run with `npm run generate`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import settings from '../lib/role/settings.ts';

const width = 128;
/** What the machine decides, not the author of the stack. */
const fromHost = ['bindIpv4', 'proxyAddresses', 'stateVolume'];

/** The text of the file, not formatted yet. */
function rolePropsSource() {
  const schema = z.toJSONSchema(settings.roleSettings, { io: 'input', unrepresentable: 'any' });
  const members = membersOf(schema, (name) => !fromHost.includes(name));
  return [
    '// Made by scripts/role-props.mjs from the schema in lib/role/settings.ts; change it there.',
    '',
    "import type { IResolvable } from 'cdktf';",
    '',
    '/** The settings of the mail role, as far as the machine does not decide them. */',
    `export interface MailRoleProps {\n${members}\n}\n`,
  ].join('\n');
}

function membersOf(schema, wanted = () => true, indent = '  ') {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => wanted(name))
    .map(([name, member]) => {
      const optional = (schema.required ?? []).includes(name) ? '' : '?';
      return `${comment(member.description, optional !== '', indent)}${indent}readonly ${name}${optional}: ${type(member, indent)};`;
    })
    .join('\n\n');
}

function type(schema, indent) {
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "'");
  if (schema.anyOf) return schema.anyOf.map((option) => type(option, indent)).join(' | ');
  if (schema.type === 'array') return list(type(schema.items, indent));
  if (schema.type === 'integer') return 'number';
  // What Terraform fills in has the type of its property, but of these two there are only objects that stand for it.
  if (schema.type === 'boolean') return 'boolean | IResolvable';
  if (schema.type !== 'object') return schema.type;
  if (!schema.properties) return `Readonly<Record<string, ${type(schema.additionalProperties, indent)}>>`;
  return `{\n${membersOf(schema, undefined, `${indent}  `)}\n${indent}} | IResolvable`;
}

function list(item) {
  return /[ |{]/.test(item) ? `ReadonlyArray<${item}>` : `readonly ${item}[]`;
}

/** The description, and its last sentence "Default: …" as the tag that editors show. */
function comment(description = '', optional, indent) {
  const [, text, said] = /^(.*?)(?:\s*Default: (.*?)\.?)?$/s.exec(description);
  const lines = wrap(text.trim(), width - indent.length - 3);
  const fallback = said ?? (optional ? unsaid(text) : undefined);
  if (fallback === undefined) return lines.length === 1 ? `${indent}/** ${lines[0]} */\n` : block(lines, indent);
  const value = /^(-?\d+|true|false)\b/.test(fallback) ? fallback : `- ${fallback}`;
  return block([...lines, '', ...wrap(`@default ${value}`, width - indent.length - 3)], indent);
}

function unsaid(text) {
  return text.startsWith('/etc/mail/') ? 'the file belongs to the service users' : 'none';
}

function block(lines, indent) {
  return `${indent}/**\n${lines.map((line) => `${indent} *${line && ' '}${line}\n`).join('')}${indent} */\n`;
}

function wrap(text, columns) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL('../lib/constructs/mail-server/mail-role-props.ts', import.meta.url));
  const formatted = execFileSync('node_modules/.bin/biome', ['format', '--stdin-file-path', file], {
    input: rolePropsSource(),
    encoding: 'utf8',
  });
  if (!process.argv.includes('--check')) writeFileSync(file, formatted);
  else if (readFileSync(file, 'utf8') !== formatted) {
    console.error(
      'lib/constructs/mail-server/mail-role-props.ts differs from the schema; run: node --import tsx scripts/role-props.mjs',
    );
    process.exitCode = 1;
  }
}
