import { exactVersion, satisfies } from './version-constraint';

/** A provider that a stack requires. */
export interface RequiredProvider {
  /** As in `required_providers`: `aws`, `hashicorp/aws`, `registry.terraform.io/hashicorp/aws`. */
  readonly source: string;
  readonly version?: string;
}

/** The provider that this package lays next to the stack, with the hash of its package. */
export interface BundledProvider {
  readonly source: string;
  readonly version: string;
  readonly hash: string;
}

const header = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

/**
 * Providers whose version Terraform has yet to choose. To Terraform this is a comment; cdktf-cli, which reads the file line by
 * line, finds every provider there and so does not run \`terraform providers lock\`, which knows no local mirrors and would fail.
 */
const pendingStart = '/* chosen by the next "terraform init":';
const pendingEnd = '*/';

interface Entry {
  readonly source: string;
  readonly text: string;
  readonly version?: string;
}

/**
 * The lock file of a stack with an entry for every required provider. What Terraform or the user wrote stays as it is, with
 * its hashes, as long as the stack still allows that version; ours is always the one that was just laid down.
 */
export function mergeLockFile(existing: string, required: readonly RequiredProvider[], bundled: BundledProvider): string {
  const wanted = new Map(required.map((provider) => [qualifiedSource(provider.source), provider.version]));
  const entries = new Map(parseEntries(existing).map((entry) => [entry.source, entry]));
  for (const [source, constraint] of wanted) {
    const entry = entries.get(source);
    if (entry?.version && constraint && !satisfies(entry.version, constraint)) entries.delete(source);
    const exact = constraint && exactVersion(constraint);
    if (exact && !entries.has(source)) entries.set(source, { source, text: entryText(source, exact, exact) });
  }
  const { source, version, hash } = bundled;
  entries.set(source, { source, text: entryText(source, version, version, hash) });

  const pending = [...wanted].filter(([name]) => name !== source && !isConstrained(entries.get(name)));
  const sorted = [...entries.values()].sort((left, right) => (left.source < right.source ? -1 : 1));
  const blocks = sorted.map(({ text }) => text);
  if (pending.length > 0) {
    const lines = pending.map(([name, constraint]) => `provider "${name}" {\n  constraints = "${constraint ?? '>= 0.0.0'}"\n}`);
    blocks.push(`${pendingStart}\n${lines.join('\n')}\n${pendingEnd}\n`);
  }
  return `${header}\n${blocks.join('\n')}`;
}

/** `aws` to `registry.terraform.io/hashicorp/aws`. */
export function qualifiedSource(source: string): string {
  const parts = source.split('/');
  return [...['registry.terraform.io', 'hashicorp'].slice(0, 3 - parts.length), ...parts].join('/');
}

/** Whether cdktf-cli is content with an entry: one without constraints makes it lock all providers anew. */
const isConstrained = (entry: Entry | undefined) => entry !== undefined && /^\s*constraints\s+=/m.test(entry.text);

function parseEntries(text: string): readonly Entry[] {
  const withoutComments = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...withoutComments.matchAll(/^provider "([^"]+)" \{\n[\s\S]*?^\}\n?/gm)].map((match) => ({
    source: match[1] ?? '',
    text: match[0].endsWith('\n') ? match[0] : `${match[0]}\n`,
    version: /^\s*version\s+=\s+"([^"]+)"/m.exec(match[0])?.[1],
  }));
}

function entryText(source: string, version: string, constraints: string, hash?: string): string {
  const lines = [`  version     = "${version}"`, `  constraints = "${constraints}"`];
  if (hash) lines.push('  hashes = [', `    "${hash}",`, '  ]');
  return `provider "${source}" {\n${lines.join('\n')}\n}\n`;
}
