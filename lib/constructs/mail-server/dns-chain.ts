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
  return { ...hostRows(chain), ...domainRows(chain) };
}

/** @param named whether rows that are of no name say which host they are of */
export function hostRows(
  chain: Omit<DnsChain, 'mailExchangers' | 'foreignMailExchangers'>,
  { named = false }: { readonly named?: boolean } = {},
): Record<string, ChainRow> {
  const { heloName, live } = chain;
  const seen = seenIn(live);
  const of = named ? ` (${heloName})` : '';
  const beginning = (text: string) => Fn.substr(text, 0, shownOfKey);
  return inOrder([
    ...chain.forward.map(
      ({ type, record }): Row => [
        1,
        type,
        `${heloName}${yours(record.managed)}`,
        { expected: record.valuesText, ...seen(`${type} ${heloName}`) },
      ],
    ),
    ...(chain.ipv6Absence === undefined
      ? []
      : [[1, 'AAAA', heloName, { expected: `none: ${chain.ipv6Absence}`, ...seen(`AAAA ${heloName}`) }] as Row]),
    ...chain.reverse.map(
      ({ family, name }): Row => [
        2,
        'PTR',
        `${name.owner}${of}${yours(name.managed)}`,
        { expected: name.expected, ...seen(`PTR ${family}`) },
      ],
    ),
    [
      3,
      'HELO',
      `myhostname${of}`,
      { expected: heloName, ...(live && { live: chain.announced, verdict: sameText(chain.announced, heloName) }) },
    ],
    ...chain.keys.map(({ name, record }): Row => {
      const key = `TXT ${name}`;
      return [
        5,
        'TXT',
        `${name}${yours(record.managed)}`,
        {
          expected: beginning(record.valuesText),
          ...(live && { live: beginning(Fn.try([live.row(key, 'live'), 'not looked at'])), verdict: seen(key)?.verdict }),
        },
      ];
    }),
  ]);
}

/** The MX records. */
export function domainRows(chain: Pick<DnsChain, 'mailExchangers' | 'foreignMailExchangers' | 'live'>): Record<string, ChainRow> {
  const seen = seenIn(chain.live);
  const domains: (readonly [string, boolean, string])[] = [
    ...[...chain.mailExchangers].map(([domain, record]) => [domain, record.managed, record.valuesText] as const),
    ...chain.foreignMailExchangers.map(({ name, values }) => [name, false, values.join(', ')] as const),
  ];
  const more = domains.length - shownDomains;
  return inOrder([
    ...domains
      .slice(0, shownDomains)
      .map(([domain, managed, expected]): Row => [4, 'MX', `${domain}${yours(managed)}`, { expected, ...seen(`MX ${domain}`) }]),
    ...(more > 0 ? [[4, 'MX', `… of ${more} more domains`, { expected: domains[0]?.[2] ?? '' }] as Row] : []),
  ]);
}

type Row = readonly [step: number, type: string, name: string, row: ChainRow];

const inOrder = (rows: readonly Row[]): Record<string, ChainRow> =>
  Object.fromEntries(rows.map(([step, type, name, row]) => [`${step}. ${type.padEnd(4)} ${name}`, row]));

const yours = (managed: boolean) => (managed ? '' : ' (yours to set)');

const seenIn = (live: DataMailserverDns | undefined) => (key: string) =>
  live && {
    live: Fn.try([live.row(key, 'live'), 'not looked at']),
    verdict: Fn.try([live.row(key, 'verdict'), 'not looked at']),
  };

const sameText = (text: string, expected: string) => Fn.conditional(Fn.contains([expected], text), 'agrees', 'differs');
