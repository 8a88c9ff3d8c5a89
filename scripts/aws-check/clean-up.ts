import { type Aws, refusalOf } from './aws';
import { type Clock, until } from './clock';
import { inSync } from './context';
import type { Journal, Thing } from './journal';
import type { Stacks } from './stacks';

export interface CleanUp {
  readonly aws: Aws;
  readonly stacks: Stacks;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** AWS holds an address for minutes after its name was taken away. Seconds. */
const RELEASE_AT_MOST = 1800;
const GONE = /^(InvalidAllocationID\.NotFound|InvalidAddress\.NotFound|InvalidChangeBatch|NoSuchHostedZone)$/;

/**
 * Takes away everything that the journal says is there or may be, the youngest first. What cannot be taken away stays in the journal,
 * for the next try; the rest goes nevertheless.
 *
 * @returns what is left, in words
 */
export async function cleanUp(parts: CleanUp): Promise<readonly string[]> {
  const { journal, say, signal } = parts;
  const left: string[] = [];
  for (const [key, thing] of journal.left) {
    if (signal?.aborted) {
      left.push(wordsFor(thing));
      continue;
    }
    say(`   take away ${wordsFor(thing)}`);
    try {
      await takeAway(thing, parts);
      journal.isGone(key);
    } catch (error) {
      const { code, message } = refusalOf(error);
      left.push(wordsFor(thing));
      say(`   ✘ ${wordsFor(thing)}: ${message}${code && code !== 'Error' ? ` (${code})` : ''}`);
    }
  }
  if (left.length === 0) journal.finish();
  return left;
}

export function wordsFor(thing: Thing): string {
  if (thing.kind === 'address') return `the Elastic IP with the tag mailserver-aws-check = ${thing.run} in ${thing.region}`;
  if (thing.kind === 'record') return `the ${thing.record.type} record ${thing.record.name} in the zone ${thing.zoneId}`;
  return `the stack in ${thing.folder}`;
}

async function takeAway(thing: Thing, parts: CleanUp): Promise<void> {
  if (thing.kind === 'address') return releaseAddresses(thing.run, parts);
  if (thing.kind === 'record') return removeRecord(thing, parts);
  return parts.stacks.destroy(thing.folder, thing.environment);
}

async function removeRecord({ zoneId, record }: Extract<Thing, { kind: 'record' }>, parts: CleanUp): Promise<void> {
  const { aws, signal } = parts;
  if (!(await unlessGone(() => aws.hasRecord(zoneId, record)))) return;
  const change = await unlessGone(() => aws.change(zoneId, 'DELETE', record));
  if (change) await inSync(parts, change, signal);
}

async function releaseAddresses(run: string, { aws, clock, signal }: CleanUp): Promise<void> {
  for (const { allocationId, associationId } of await aws.addressesOf(run)) {
    if (associationId) await unlessGone(() => aws.disassociate(associationId));
    const { name, update } = await aws.nameOf(allocationId);
    if (name !== undefined || update !== undefined) await unlessGone(() => aws.resetName(allocationId));
    let last: unknown;
    const release = async () => {
      try {
        await unlessGone(() => aws.release(allocationId));
        return true as const;
      } catch (error) {
        last = error;
        if (refusalOf(error).code !== 'InvalidAddress.PtrSet') throw error;
        return undefined;
      }
    };
    const { value } = await until<true>(release, { clock, everySeconds: 10, atMostSeconds: RELEASE_AT_MOST, signal });
    if (!value) throw last;
  }
}

/** Nothing of what is gone already is in the way. */
async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (GONE.test(refusalOf(error).code)) return undefined;
    throw error;
  }
}
