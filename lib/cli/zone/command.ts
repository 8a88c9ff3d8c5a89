import { isIP } from 'node:net';
import { Command } from 'commander';
import { type DnsRecordSet, reverseName, zoneEntries, zoneFile } from '../../dns';
import { harmlessJson } from '../../text/harmless';
import { deployedOutputs, type StackFlags, withStackFlags } from '../deployed-stacks';
import { table } from '../table';
import { complain, paint, say } from '../terminal';
import { recordsOf } from './records';
import { recordsInOutputs } from './records-in-outputs';

interface ZoneFlags extends StackFlags {
  readonly helo?: string;
  readonly address: readonly string[];
  readonly domain: readonly string[];
  readonly mxPreference?: string;
  readonly ttl: string;
  readonly table?: boolean;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `mailserver zone` */
export function zoneCommand(): Command {
  return withStackFlags(new Command('zone'))
    .exitOverride()
    .description(
      'Print the records that are yours to set, of a deployed stack or of the given names: as a zone file, as a table, or as JSON.',
    )
    .option('--helo <name>', 'HELO name; then no stack is asked')
    .option('--address <address>', 'address that mail is sent from; may be given several times', collect, [])
    .option('--domain <domain>', 'mail domain; may be given several times', collect, [])
    .option('--mx-preference <number>', 'preference of the MX records')
    .option('--ttl <seconds>', 'time to live in the zone file', '300')
    .option('--table', 'name, type and value in columns, as the forms of name services ask for them')
    .option('--json', 'for programs')
    .action(async (flags: ZoneFlags) => {
      const records = flags.helo === undefined ? await ofStack(flags) : ofFlags(flags.helo, flags);
      if (flags.helo !== undefined && flags.address.length === 0)
        complain('without --address the A and PTR records, which all the others hang on, are left out\n');
      say(shown(records, flags));
    });
}

function ofFlags(helo: string, { address, domain, mxPreference }: ZoneFlags): readonly DnsRecordSet[] {
  return recordsOf({
    helo,
    addresses: address,
    domains: domain,
    mxPreference: mxPreference === undefined ? undefined : wholeNumber('--mx-preference', mxPreference, mostPreference),
  });
}

async function ofStack(flags: ZoneFlags): Promise<readonly DnsRecordSet[]> {
  const stacks = Object.values(await deployedOutputs(flags)).map(recordsInOutputs);
  const records = stacks.flatMap((stack) => stack.records);
  if (records.length === 0) {
    complain(
      stacks.some(({ hasMailServer }) => hasMailServer)
        ? 'Terraform writes every record, there is nothing to set\n'
        : 'the state has no mail server yet: run "cdktf deploy" first; what is to be set is known once it has begun\n',
    );
  }
  // A stack names the reverse record of an address that it did not know by the address itself.
  return records.map((record) => (isIP(record.name) === 0 ? record : { ...record, name: reverseName(record.name) }));
}

function shown(records: readonly DnsRecordSet[], flags: ZoneFlags): string {
  const entries = zoneEntries(records);
  if (flags.json) return `${harmlessJson(entries, 2)}\n`;
  if (entries.length === 0) return '';
  if (!flags.table) return zoneFile(records, wholeNumber('--ttl', flags.ttl, mostTtl));
  const head = ['name', 'type', 'value'].map((title) => paint('bold', title));
  return `${table([head, ...entries.map(({ name, type, value }) => [name, type, value])])}\n`;
}

/** What the fields of a record hold (RFC 1035 3.3.9, RFC 2181 8). */
const [mostPreference, mostTtl] = [65_535, 2_147_483_647];

function wholeNumber(flag: string, text: string, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) > most) throw new Error(`${flag}: '${text}' is not a whole number from 0 to ${most}`);
  return Number(text);
}
