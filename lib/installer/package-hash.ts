import { createHash } from 'node:crypto';
import type { ProviderFile } from './provider-files';

/**
 * Terraform's `h1:` hash of a provider package: SHA-256 over the sorted list of its files with their own SHA-256
 * (golang.org/x/mod/sumdb/dirhash, Hash1).
 */
export function packageHash(files: readonly ProviderFile[]): string {
  const sorted = [...files].sort((left, right) => (left.name < right.name ? -1 : 1));
  const lines = sorted.map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`;
}
