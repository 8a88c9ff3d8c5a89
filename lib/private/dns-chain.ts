import type { IDnsRecord } from '../mail-dns';
import type { ReverseName } from '../mail-host';

/** What the chain is made of, in the order in which Terraform makes it. */
export interface DnsChain {
  readonly heloName: string;
  readonly address: IDnsRecord;
  readonly reverseName: ReverseName;
  /** Mail domain to its MX record. */
  readonly mailExchangers: ReadonlyMap<string, IDnsRecord>;
  /** Mail domains whose MX is written elsewhere, and its value. */
  readonly foreignMailExchangers: ReadonlyMap<string, string>;
}

/**
 * The chain as rows that stay in order when Terraform sorts them and line up in its output: what is named, and the value that
 * the graph gives it. Only values may be unknown, so the first plan shows every row.
 */
export function chainRows({
  heloName,
  address,
  reverseName,
  mailExchangers,
  foreignMailExchangers,
}: DnsChain): Record<string, string> {
  const rows: [step: number, type: string, name: string, value: string][] = [
    [1, 'A', heloName, address.valuesText],
    [2, 'PTR', `${reverseName.owner}${reverseName.managed ? '' : ' (yours to set)'}`, reverseName.expected],
    [3, 'HELO', 'myhostname', heloName],
    ...[...mailExchangers].map(([domain, record]): [number, string, string, string] => [4, 'MX', domain, record.valuesText]),
    ...[...foreignMailExchangers].map(([domain, value]): [number, string, string, string] => [
      4,
      'MX',
      `${domain} (yours to set)`,
      value,
    ]),
  ];
  return Object.fromEntries(rows.map(([step, type, name, value]) => [`${step}. ${type.padEnd(4)} ${name}`, value]));
}
