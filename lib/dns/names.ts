/** Domain names as DNS compares them: case does not count, one final dot does not count, everything else does (R31). */

/** A name without its final dot, in lower case. A second dot at the end is an error of the writer and stays visible. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/(?<=[^.])\.$/, '');
}

/** The name as it stands in the data of a PTR or MX record, where a missing final dot would append the zone. */
export function absoluteName(name: string): string {
  return `${normalizeName(name)}.`;
}

/** Whether two names are the same name to DNS; an exact comparison otherwise: `mail` is not `mail.example.com` (R31). */
export function sameName(a: string, b: string): boolean {
  return normalizeName(a) === normalizeName(b);
}

/** Whether `name` is `zone` itself or lies below it, counted in whole labels: `xexample.com` is not within `example.com`. */
export function isWithin(name: string, zone: string): boolean {
  return `.${normalizeName(name)}`.endsWith(`.${normalizeName(zone)}`);
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * What keeps `name` from being a host name with a domain (RFC 1123 2.1, RFC 5321 2.3.5), in words; undefined when it is one.
 * One final dot is allowed. Internationalised names are written in their ASCII form, `xn--…`.
 */
export function hostNameProblem(name: string): string | undefined {
  const plain = normalizeName(name);
  if (plain === '') return 'it is empty';
  if (/\s/.test(name)) return 'it contains white space';
  if (plain.includes('@')) return 'it is a mail address, not a host name';
  if (/^\[?(\d+\.){3}\d+\]?$|:/.test(plain)) return 'it is an address, not a name';
  if (!plain.includes('.')) return 'it has no domain; receivers want a full name such as mail.example.com';
  if (plain.includes('..') || plain.startsWith('.') || plain.endsWith('.')) return 'it has an empty label (a dot too many)';
  if (plain.length > 253) return `it has ${plain.length} characters, DNS allows 253`;
  const labels = plain.split('.');
  const long = labels.find((part) => part.length > 63);
  if (long) return `its label "${long.slice(0, 20)}…" has ${long.length} characters, DNS allows 63`;
  if (/\P{ASCII}/u.test(plain)) return 'it contains characters outside ASCII; write its xn-- form';
  const wrong = labels.find((part) => !label.test(part));
  if (wrong !== undefined) return `its label "${wrong}" is not made of letters, digits and inner hyphens`;
  if (/^\d+$/.test(labels[labels.length - 1] ?? '')) return 'its last label is a number, so it would be read as an address';
  return undefined;
}
