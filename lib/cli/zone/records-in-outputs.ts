import * as z from 'zod/mini';
import type { DnsRecordSet } from '../../dns';

const recordSets = z.array(z.object({ name: z.string(), type: z.string(), values: z.array(z.string()) }));

/** What a deployed stack says is to be set by hand. */
export interface StackRecords {
  readonly records: readonly DnsRecordSet[];
  /** Whether the stack has mail servers at all. */
  readonly hasMailServer: boolean;
}

/** The records of every mail server among the outputs of a stack. */
export function recordsInOutputs(outputs: unknown): StackRecords {
  const named = Object.entries(z.record(z.string(), z.object({ value: z.unknown() })).parse(outputs));
  const records = named
    .filter(([name]) => /(^|_)records_to_set$/.test(name))
    .flatMap(([, { value }]) => recordSets.parse(value) as unknown as readonly DnsRecordSet[]);
  // The owner of an unknown address cannot be named.
  return { records, hasMailServer: named.some(([name]) => /(^|_)dns_chain$/.test(name)) };
}
