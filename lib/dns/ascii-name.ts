import { domainToASCII } from 'node:url';

/**
 * A name as DNS knows it: labels in other scripts become A-labels, `bücher.example` becomes `xn--bcher-kva.example` (RFC 5890,
 * UTS 46). What is ASCII, or no name at all, stays as it is, for the rules to judge it as it was written.
 */
export function asciiName(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name;
  return domainToASCII(name) || name;
}

/** The same for what may stand before a domain: `info@bücher.example`, `@bücher.example`. The part before the @ stays. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return `${address.slice(0, at)}${asciiName(address.slice(at))}`;
}
