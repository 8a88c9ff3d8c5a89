import { domainToASCII } from 'node:url';
import type { Problem } from '../settings/vocabulary';
import { ipFamily } from './ip-family';

const MAX_NAME = 253;
const MAX_LABEL = 63;

/** What a kind of name allows beyond RFC 1123. */
export interface NameOptions {
  /** Clients call themselves so, and DNS answers for it; a name of ours is better without. */
  readonly underscore?: boolean;
}

/** What is wrong with a host or domain name (RFC 1035 2.3.4, RFC 1123 2.1), said of a `kind` such as `HELO name`. */
export function nameProblem(kind: string, value: string, options: NameOptions = {}): string | undefined {
  if (value === '') return `the ${kind} is empty: give a full name, e.g. mail.example.com`;
  const why = otherThing(value) ?? spelling(value) ?? labelProblem(value, options);
  return why === undefined
    ? undefined
    : `${/[\r\n]/.test(value) ? JSON.stringify(value) : `'${value}'`} is not a ${kind}: ${why}`;
}

/** What people give in the place of a name. */
function otherThing(value: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:?#]*)/i.exec(value);
  if (url) return `it is a URL, give only the name: '${url[1]}'`;
  if (/^(['"]).*\1$/.test(value)) return 'it is in quotes, leave them out';
  if (/^\[.*\]/.test(value) || ipFamily(value) !== 0 || /^[0-9.]+(:\d+)?$/.test(value)) return 'it is an address, give a name';
  if (value.includes('@')) return 'it has an @, give only what follows it';
  const port = /^[^:]+(:\d*)$/.exec(value)?.[1];
  if (port !== undefined) return `it has a port, leave out '${port}'`;
  return value.includes('*') ? 'it has a *, and a name is not a pattern: name each domain' : undefined;
}

function spelling(value: string): string | undefined {
  if (/\s/.test(value)) return 'it has white space in it';
  if (/[^\x20-\x7e]/.test(value)) {
    const ascii = domainToASCII(value);
    return ascii === '' ? 'it has a character that no name can have' : `DNS knows it as '${ascii}', write it so`;
  }
  if (value.endsWith('.')) return `leave out the final dot: '${value.replace(/\.+$/, '')}'`;
  if (value.startsWith('.') || value.includes('..')) return 'two dots in a row, or one at the start, enclose an empty label';
  return value.length > MAX_NAME ? `it has ${value.length} characters, DNS allows ${MAX_NAME}` : undefined;
}

function labelProblem(value: string, { underscore = false }: NameOptions): string | undefined {
  for (const label of value.split('.')) {
    if (label.length > MAX_LABEL) return `the label '${label}' has ${label.length} characters, DNS allows ${MAX_LABEL}`;
    if (label.includes('_') && !underscore) return `the label '${label}' has an underscore, use a hyphen`;
    if (label.startsWith('-') || label.endsWith('-')) return `the label '${label}' begins or ends with a hyphen`;
    const other = /[^a-z0-9_-]/i.exec(label)?.[0];
    if (other !== undefined) return `'${other}' is not allowed, only letters, digits and hyphens are`;
  }
  return /^[0-9]+$/.test(value.slice(value.lastIndexOf('.') + 1)) ? 'its last label is a number' : undefined;
}

/** A host of somebody else, by name or address. */
export const targetHost: Problem = (value) => (ipFamily(value) !== 0 ? undefined : nameProblem('host', value));

/** A domain that mail is addressed to; a single label is none that the world could reach. */
export const mailDomain: Problem = (value) =>
  nameProblem('mail domain', value) ??
  (value.includes('.') ? undefined : `'${value}' is not a mail domain: it has no dot. Give the full name, e.g. ${value}.example`);

/** A domain that mail is accepted for, or `.example.com` for all of its subdomains, without the domain itself. */
export const matchedDomain: Problem = (value) => mailDomain(value.startsWith('.') && value !== '.' ? value.slice(1) : value);
