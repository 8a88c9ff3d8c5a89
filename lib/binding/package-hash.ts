import { createHash } from 'node:crypto';

/**
 * Terraform's `h1:` hash of a provider package that consists of one file: SHA-256 over the list of its files with their own
 * SHA-256 (golang.org/x/mod/sumdb/dirhash, Hash1).
 */
export function packageHash(fileName: string, content: Buffer): string {
  const fileHash = createHash('sha256').update(content).digest('hex');
  return `h1:${createHash('sha256').update(`${fileHash}  ${fileName}\n`).digest('base64')}`;
}
