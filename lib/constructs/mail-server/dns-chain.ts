import { Fn } from 'cdktf';
import type { DnsRecordSet } from '../../dns';
import type { IDnsRecord } from '../dns/mail-dns';
import type { ReverseName } from '../host/mail-host';
import type { DataMailserverDns } from '../resources';

/** Mail domains on one screen; of more only the number is shown. */
const shownDomains = 10;

/** Characters of a key: enough to tell two apart, as all of a length begin alike. */
const shownOfKey = 90;

/** What the chain is made of, in the order in which Terraform makes it. */
export interface DnsChain {
  readonly heloName: string;
  readonly forward: readonly { readonly type: 'A' | 'AAAA'; readonly record: IDnsRecord }[];
  /** Why there is no AAAA record. */
  readonly ipv6Absence?: string;
  readonly reverse: readonly { readonly family: 'IPv4' | 'IPv6'; readonly name: ReverseName }[];
  /** The name that the host has, as far as Terraform knows. */
  readonly announced: string;
  /** Mail domain to its MX record. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  /** The records of the DKIM keys. */
  readonly keys: readonly { readonly name: string; readonly record: IDnsRecord }[];
  /** MX records that are written elsewhere. */
  readonly foreignMailExchangers: readonly DnsRecordSet[];
  /** What the world sees; absent when it is not looked at. */
  readonly live?: DataMailserverDns;
}

/** One link of the chain. Only values may be unknown, so the first plan shows every row. */
export interface ChainRow {
  readonly expected: string;
  readonly live?: string;
  readonly verdict?: string;
}

/** The chain as rows that stay in order when Terraform sorts them and line up in its output. */
export function chainRows(chain: DnsChain): Record<string, ChainRow> {
  const { heloName, live } = chain;
  const seen = (key: string) =>
    live && {
      live: Fn.try([live.row(key, 'live'), 'not looked at']),
      verdict: Fn.try([live.row(key, 'verdict'), 'not looked at']),
    };
  const yours = (managed: boolean) => (managed ? '' : ' (yours to set)');
  const domains: [string, boolean, string][] = [
    ...[...chain.mailExchangers].map(([domain, record]): [string, boolean, string] => [
      domain,
      record.managed,
      record.valuesText,
    ]),
    ...chain.foreignMailExchangers.map(({ name, values }): [string, boolean, string] => [name, false, values.join(', ')]),
  ];
  const rows: [step: number, type: string, name: string, row: ChainRow][] = [
    ...chain.forward.map(({ type, record }): (typeof rows)[number] => [
      1,
      type,
      `${heloName}${yours(record.managed)}`,
      { expected: record.valuesText, ...seen(`${type} ${heloName}`) },
    ]),
    ...(chain.ipv6Absence === undefined
      ? []
      : [
          [1, 'AAAA', heloName, { expected: `none: ${chain.ipv6Absence}`, ...seen(`AAAA ${heloName}`) }] as (typeof rows)[number],
        ]),
    ...chain.reverse.map(({ family, name }): (typeof rows)[number] => [
      2,
      'PTR',
      `${name.owner}${yours(name.managed)}`,
      { expected: name.expected, ...seen(`PTR ${family}`) },
    ]),
    [
      3,
      'HELO',
      'myhostname',
      { expected: heloName, ...(live && { live: chain.announced, verdict: sameText(chain.announced, heloName) }) },
    ],
    ...domains
      .slice(0, shownDomains)
      .map(([domain, managed, expected]): (typeof rows)[number] => [
        4,
        'MX',
        `${domain}${yours(managed)}`,
        { expected, ...seen(`MX ${domain}`) },
      ]),
  ];
  for (const { name, record } of chain.keys) {
    const key = `TXT ${name}`;
    const beginning = (text: string) => Fn.substr(text, 0, shownOfKey);
    rows.push([
      5,
      'TXT',
      `${name}${yours(record.managed)}`,
      {
        expected: beginning(record.valuesText),
        ...(live && { live: beginning(Fn.try([live.row(key, 'live'), 'not looked at'])), verdict: seen(key)?.verdict }),
      },
    ]);
  }
  if (domains.length > shownDomains) {
    const expected = domains[0]?.[2] ?? '';
    rows.push([4, 'MX', `… of ${domains.length - shownDomains} more domains`, { expected }]);
  }
  return Object.fromEntries(rows.map(([step, type, name, row]) => [`${step}. ${type.padEnd(4)} ${name}`, row]));
}

const sameText = (text: string, expected: string) => Fn.conditional(Fn.contains([expected], text), 'agrees', 'differs');
