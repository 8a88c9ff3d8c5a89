import { domainToASCII } from 'node:url';
import type { Problem } from './checked';

const MAX_NAME = 253;
const MAX_LABEL = 63;

/** What is wrong with a host or domain name (RFC 1035 2.3.4, RFC 1123 2.1), said of a `kind` such as `HELO name`. */
export function nameProblem(kind: string, value: string): string | undefined {
  const bad = (why: string) => `'${value}' is no ${kind}: ${why}`;
  if (value === '') return `the ${kind} is empty: give a full name, e.g. mail.example.com`;
  if (/\s/.test(value)) return bad('it has white space in it');
  if (/[^\x20-\x7e]/.test(value)) return bad(`DNS knows it as '${domainToASCII(value) || 'nothing'}', write it so`);
  if (value.startsWith('[') || /^[0-9.]+$/.test(value) || value.includes(':')) return bad('it is an address, give a name');
  if (value.endsWith('.')) return bad(`leave out the final dot: '${value.replace(/\.+$/, '')}'`);
  if (value.includes('@')) return bad('it has an @, give only what follows it');
  if (value.startsWith('.') || value.includes('..')) return bad('two dots in a row, or one at the start, enclose an empty label');
  if (value.length > MAX_NAME) return bad(`it has ${value.length} characters, DNS allows ${MAX_NAME}`);
  for (const label of value.split('.')) {
    if (label.length > MAX_LABEL) return bad(`the label '${label}' has ${label.length} characters, DNS allows ${MAX_LABEL}`);
    if (label.includes('_')) return bad(`the label '${label}' has an underscore, use a hyphen`);
    if (label.startsWith('-') || label.endsWith('-')) return bad(`the label '${label}' begins or ends with a hyphen`);
    const other = /[^a-z0-9-]/i.exec(label)?.[0];
    if (other !== undefined) return bad(`'${other}' is not allowed, only letters, digits and hyphens are`);
  }
  if (/^[0-9]+$/.test(value.slice(value.lastIndexOf('.') + 1))) return bad('its last label is a number');
  return undefined;
}

/** A domain that mail is addressed to; a single label is none that the world could reach. */
export const mailDomain: Problem = (value) =>
  nameProblem('mail domain', value) ??
  (value.includes('.') ? undefined : `'${value}' is no mail domain: it has no dot. Give the full name, e.g. ${value}.example`);
