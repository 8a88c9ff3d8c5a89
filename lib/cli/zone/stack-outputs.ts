import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { DnsRecordSet } from '../../dns';

const recordSets = z.array(z.object({ name: z.string(), type: z.string(), values: z.array(z.string()) }));

/** What a deployed stack says is to be set by hand. */
export interface StackRecords {
  readonly records: readonly DnsRecordSet[];
  /** Whether the stack has mail servers at all. */
  readonly hasMailServer: boolean;
}

/**
 * Folder of the synthesised stack.
 *
 * @throws when there is none, or several and none is named
 */
export function stackFolder(output: string, name?: string): string {
  const stacks = join(output, 'stacks');
  const found = existsSync(stacks) ? readdirSync(stacks).filter((each) => existsSync(join(stacks, each, 'cdk.tf.json'))) : [];
  if (name !== undefined) {
    if (found.includes(name)) return join(stacks, name);
    throw new Error(`there is no stack '${name}' in ${stacks} (${found.join(', ') || 'none'}); name another one with --stack`);
  }
  const [only, ...others] = found;
  if (only === undefined) {
    throw new Error(
      `there is no synthesised stack in ${stacks}: run "cdktf synth" first, name the folder with --output, or give --helo, --address and --domain`,
    );
  }
  if (others.length > 0) throw new Error(`there are several stacks (${found.join(', ')}); name one with --stack`);
  return join(stacks, only);
}

/** The folder that cdktf writes to: CDKTF_OUTPUT, `output` of cdktf.json, or `cdktf.out`. */
export function outputFolder(cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.CDKTF_OUTPUT) return env.CDKTF_OUTPUT;
  const config = join(cwd, 'cdktf.json');
  const { output } = existsSync(config) ? (JSON.parse(readFileSync(config, 'utf8')) as { output?: string }) : {};
  return join(cwd, output ?? 'cdktf.out');
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
