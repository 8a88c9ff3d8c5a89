/** The record of a key that signatures are verified with (RFC 6376 3.6.1). */
export interface KeyRecord {
  /** The key, base64 without blanks; empty when it was revoked. */
  readonly key: string;
  /** `rsa`, `ed25519`, or what else the record says. */
  readonly kind: string;
  /** `y`: a test, receivers take the signature for none. `s`: only mail of the very domain. */
  readonly flags: readonly string[];
  /** Why receivers cannot use it; empty when they can. */
  readonly problems: readonly string[];
}

/** Whether a TXT record at the name of a key could be one; others are not looked at. */
export const isKeyRecord = (text: string) => /(^|;)\s*p\s*=/.test(text) || /^\s*v\s*=\s*DKIM1/.test(text);

/** Reads a record; never throws. */
export function parseKeyRecord(text: string): KeyRecord {
  const problems: string[] = [];
  const tags = new Map<string, string>();
  for (const [index, part] of text.split(';').entries()) {
    if (part.trim() === '') continue;
    const [, name = '', value = ''] = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)$/s.exec(part) ?? [];
    if (name === '') problems.push(`'${part.trim().slice(0, 40)}' is not a tag, written name=value`);
    else if (tags.has(name)) problems.push(`'${name}=' is there twice`);
    else tags.set(name, value.trim());
    if (name === 'v' && (index > 0 || value.trim() !== 'DKIM1')) problems.push("'v=DKIM1' must be the first tag, spelled so");
  }
  const key = (tags.get('p') ?? '').replace(/\s+/g, '');
  if (!tags.has('p')) problems.push("there is no 'p=', which holds the key");
  else if (!/^[A-Za-z0-9+/]*={0,2}$/.test(key)) problems.push("'p=' is not base64");
  const hashes = listOf(tags.get('h'));
  if (hashes.length > 0 && !hashes.includes('sha256'))
    problems.push(`'h=${tags.get('h')}' leaves out sha256, which mail is signed with`);
  const services = listOf(tags.get('s'));
  if (services.length > 0 && !services.some((each) => each === '*' || each === 'email'))
    problems.push(`'s=${tags.get('s')}' is not for email`);
  return { key, kind: (tags.get('k') ?? 'rsa').toLowerCase(), flags: listOf(tags.get('t')), problems };
}

const listOf = (text = '') =>
  text
    .split(':')
    .map((each) => each.trim().toLowerCase())
    .filter(Boolean);
