import { matchedDomain } from '../../net/domain-name';
import { externalNetwork, sameNetwork } from '../../net/ip-address';
import { notEmpty, oneLine, type Problem } from '../../settings/vocabulary';
import { targetAddress } from './mail-address';

/** Whom a login or a network may write as: a domain, all of its subdomains as `.example.com`, an address, or `*` for anybody. */
export const senderEntry: Problem = (value) => {
  if (value === '*') return undefined;
  const broken = notEmpty(value) ?? oneLine(value);
  if (broken !== undefined) return broken;
  if (value.startsWith('@'))
    return `'${value}' begins with an @: a domain stands for all of its addresses, write '${value.slice(1)}'`;
  if (!value.includes('@')) return matchedDomain(value);
  if (value.includes('"')) return `'${value}' has quotes in it: name the domain instead`;
  return targetAddress(value);
};

const isNetwork = (value: string) => /^\[|[:/]|^\d+(\.\d+){3}$/.test(value);

/** What an entry of `submissionSenders` is about: a login, or a known network. */
export const senderKey: Problem = (value) => {
  const broken = notEmpty(value);
  if (broken !== undefined) return broken;
  if (isNetwork(value)) return externalNetwork(value);
  if (/^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/.test(value)) return undefined;
  return `'${value}' is not a login and no network: a login has letters, digits and ._@+- and does not begin with one of .@+-`;
};

/** SASL knows logins of different case as different. */
export const sameSenderKey = (value: string) => (isNetwork(value) ? sameNetwork(value) : value);

/** A line of the map. */
export function senderLine([key, senders]: [string, readonly string[]]): string {
  return `${key.replace(/^\[([^\]]*)\]/, '$1')} ${senders.join(', ')}`;
}
