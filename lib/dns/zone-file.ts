import { zoneFileText } from './character-strings';
import { absoluteName } from './names';
import type { DnsRecordSet } from './records';

/** A record as a name service asks for it. */
export interface ZoneEntry {
  /** With final dot. */
  readonly name: string;
  readonly type: string;
  /** Data in presentation format, text in quotes. */
  readonly value: string;
}

/** One entry for each value; names absolute, so that they mean the same in every zone. */
export function zoneEntries(records: readonly DnsRecordSet[]): readonly ZoneEntry[] {
  return records.flatMap(({ name, type, values }) =>
    values.map((value) => ({ name: absoluteName(name), type, value: type === 'TXT' ? zoneFileText(value) : value })),
  );
}

/** The records as lines of a zone file (RFC 1035 5), to be included in a zone of any name. */
export function zoneFile(records: readonly DnsRecordSet[], ttlSeconds = 300): string {
  const entries = zoneEntries(records);
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return [
    `$TTL ${ttlSeconds}`,
    ...entries.map(({ name, type, value }) => `${name.padEnd(width)} IN ${type.padEnd(5)} ${value}`),
    '',
  ].join('\n');
}
