import { type ProviderParts, providerParts } from '../../lib/provider/calls';
import type { Attribute, AttributeType } from '../../lib/provider/framework/attributes';
import { attributeName } from '../../lib/provider/framework/names';

interface Page {
  readonly kind: 'resource' | 'data source' | 'provider';
  readonly typeName: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

const titles = { required: 'Required', optional: 'Optional', computed: 'Read-only' } as const;

/** A page for each resource and data source, and one for the provider's own block, from their schemas; by file name. */
export function providerPages(parts: ProviderParts = providerParts(() => {})): Readonly<Record<string, string>> {
  const pages: Page[] = [
    { kind: 'provider', typeName: 'mailserver', description: 'The provider block.', attributes: parts.configuration.attributes },
    ...parts.resources.map((resource) => ({ kind: 'resource' as const, ...named(resource) })),
    ...parts.dataSources.map((source) => ({ kind: 'data source' as const, ...named(source) })),
  ];
  const properties = new Set(pages.flatMap(({ attributes }) => attributes.flatMap(propertyNames)));
  const inHcl = (text: string) =>
    text.replace(/`([a-z]+[A-Z]\w*)`/g, (whole, name) => (properties.has(name) ? `\`${attributeName(name)}\`` : whole));
  const files = pages.map((page) => [fileName(page), inHcl(pageText(page))] as const);
  const index = pages.map((page) => `| [\`${page.typeName}\`](${fileName(page)}) | ${page.kind} | ${page.description} |`);
  return {
    ...Object.fromEntries(files),
    'README.md': inHcl(
      [
        '# The Terraform provider',
        '',
        'For configurations in HCL, and for reading plans: a CDKTF program uses the constructs. `npx mailserver provider` puts the provider',
        'next to a configuration; [plain-hcl](../../examples/plain-hcl/main.tf) is a whole one. Made from the schema by `npm run golden`.',
        '',
        '| name | kind | |',
        '| --- | --- | --- |',
        ...index,
        '',
      ].join('\n'),
    ),
  };
}

const named = ({ typeName, description, attributes }: Pick<Page, 'typeName' | 'description' | 'attributes'>) => ({
  typeName,
  description,
  attributes,
});

const fileName = ({ kind, typeName }: Page) => (kind === 'data source' ? `data-${typeName}.md` : `${typeName}.md`);

const propertyNames = ({ property, type }: Attribute): readonly string[] => [property, ...nested(type).flatMap(propertyNames)];

/** The attributes inside a type, however deep the lists and maps around them. */
function nested(type: AttributeType): readonly Attribute[] {
  if (type.kind === 'object') return type.attributes;
  return type.kind === 'list' || type.kind === 'map' ? nested(type.element) : [];
}

function pageText({ kind, typeName, description, attributes }: Page): string {
  return [`# ${typeName} (${kind})`, '', description, '', ...sections(attributes, '')].join('\n');
}

function sections(attributes: readonly Attribute[], path: string): readonly string[] {
  const modes = ['required', 'optional', 'computed'] as const;
  const lists = modes.flatMap((mode) => {
    const some = attributes.filter((attribute) => attribute.mode === mode);
    if (some.length === 0) return [];
    return [...(path === '' ? [`## ${titles[mode]}`] : [`${titles[mode]}:`]), '', ...some.map(line), ''];
  });
  const inner = attributes.flatMap(({ name, type }) => {
    const members = nested(type);
    return members.length === 0 ? [] : [`### ${path}${name}`, '', ...sections(members, `${path}${name}.`)];
  });
  return [...lists, ...inner];
}

function line({ name, type, description, sensitive, writeOnly }: Attribute): string {
  const marks = [typeText(type), ...(writeOnly ? ['write-only'] : []), ...(sensitive ? ['sensitive'] : [])];
  return `- \`${name}\` (${marks.join(', ')})${description === '' ? '' : `: ${description}`}`;
}

function typeText(type: AttributeType): string {
  if (type.kind === 'list') return `list of ${typeText(type.element)}`;
  if (type.kind === 'map') return `map of ${typeText(type.element)}`;
  return type.kind === 'bool' ? 'boolean' : type.kind;
}
