import { normalizeName } from '../../dns';
import { moreTime } from '../../verify/dns/memory';
import type { Addresses, AddressName } from './addresses';
import type { AwsParts } from './parts';

/** AWS takes minutes, its guide says nothing of them; others have seen fifteen. Seconds. */
export const nameSeconds = 1800;

/** Between two looks. Milliseconds; AWS takes long, and a look is cheap. */
const [firstPause, longestPause] = [1000, 10_000];

/** How long what a look tells may still be what was before the call. Milliseconds. */
const settling = 10_000;

/** Whether a request was lost: AWS was at another one when it came, and a newer one does not take its place everywhere. Milliseconds. */
const lostAfter = 60_000;

/** What a wait is about. */
export interface NameChange {
  readonly allocationId: string;
  readonly address: string;
  readonly deadlineSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** How a wait ended: with nothing to say, or with why it did not. */
export type Ended = { readonly problem?: string };

const sameName = (one: string | undefined, other: string) => one !== undefined && normalizeName(one) === normalizeName(other);

/**
 * Sets the reverse name and waits until AWS has done it. One that is there already is taken as it is, and one that AWS is at setting is
 * waited for: an apply that was interrupted, or gave up, goes on where it was.
 */
export async function setReverseName(
  addresses: Addresses,
  name: string,
  change: NameChange,
  { now, sleep }: Pick<AwsParts, 'now' | 'sleep'>,
): Promise<Ended> {
  const { allocationId, address, deadlineSeconds, signal, onProgress } = change;
  const begin = now();
  const before = await addresses.nameOf(allocationId);
  if (sameName(before.name, name) && !before.update) return {};
  const isUnderWay = before.update?.status === 'PENDING' && sameName(before.update.value, name);
  if (isUnderWay) onProgress(`AWS is setting the reverse name of ${address} to ${name} already: waiting for it`);
  else await addresses.setName(allocationId, name);
  let asked = now();
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const { name: current, update } = await addresses.nameOf(allocationId);
    if (sameName(current, name) && !update) return {};
    const elapsed = now() - begin;
    const isOurs = update !== undefined && sameName(update.value, name);
    if (update?.status === 'FAILED' && isOurs && (elapsed > settling || before.update?.status !== 'FAILED')) {
      return { problem: failed(address, name, update.reason) };
    }
    if (!update && now() - asked >= lostAfter) {
      await addresses.setName(allocationId, name);
      asked = now();
    }
    const left = deadlineSeconds - elapsed / 1000;
    if (signal.aborted || left * 1000 < pause)
      return { problem: unfinished(address, name, elapsed / 1000, { name: current, update }) };
    onProgress(
      `AWS is setting the reverse name of ${address} to ${name}: ${update?.status ?? 'no status'} for ${Math.round(elapsed / 1000)} s, ` +
        `waiting for ${moreTime(left)} at most`,
    );
    await sleep(pause, signal);
  }
}

/** Takes the reverse name away and waits until AWS has done so. One that is not there needs nothing. */
export async function resetReverseName(
  addresses: Addresses,
  { allocationId, address, deadlineSeconds, signal, onProgress }: NameChange,
  { now, sleep }: Pick<AwsParts, 'now' | 'sleep'>,
): Promise<Ended> {
  const begin = now();
  const before = await addresses.nameOf(allocationId);
  if (before.name === undefined && before.update === undefined) return {};
  await addresses.resetName(allocationId);
  let asked = now();
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const { name, update } = await addresses.nameOf(allocationId);
    // A request that failed is of no account to an address without a name.
    if (name === undefined && update?.status !== 'PENDING') return {};
    if (update?.status !== 'PENDING' && now() - asked >= lostAfter) {
      await addresses.resetName(allocationId);
      asked = now();
    }
    const elapsed = (now() - begin) / 1000;
    const left = deadlineSeconds - elapsed;
    if (signal.aborted || left * 1000 < pause) {
      const problem = `AWS has not taken the reverse name of ${address} away after ${Math.round(elapsed)} s (${statusOf({ name, update })}): destroy again, it goes on from there`;
      return { problem };
    }
    onProgress(
      `AWS is taking the reverse name of ${address} away, for ${Math.round(elapsed)} s by now, waiting for ${moreTime(left)} at most`,
    );
    await sleep(pause, signal);
  }
}

const statusOf = ({ name, update }: AddressName) =>
  `${update ? `the change is ${update.status}${update.reason ? `, ${update.reason}` : ''}` : 'no change is under way'}; the name is ${name ?? 'not set'}`;

function failed(address: string, name: string, reason: string | undefined): string {
  return (
    `AWS refuses ${name} as the reverse name of ${address}: ${reason ?? 'it gives no reason'}. AWS wants the A record of ${name} to lead to ` +
    `${address} for the whole world: see it with "dig +trace A ${name}". If it does, AWS' own resolver may still remember the time before: ` +
    'apply again in 15 minutes. There is nothing to clean up'
  );
}

function unfinished(address: string, name: string, seconds: number, current: AddressName): string {
  return (
    `AWS has not set ${name} as the reverse name of ${address} after ${Math.round(seconds)} s (${statusOf(current)}). ` +
    'Apply again: it waits on for this request. If that goes on for hours, ask AWS: https://console.aws.amazon.com/support/contacts?#/rdns-limits'
  );
}

/** One sentence for a call that AWS refused. */
export function refusedName(
  address: string,
  name: string,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  const fix =
    code === 'UnauthorizedOperation' || code === 'AccessDenied'
      ? 'allow ec2:DescribeAddressesAttribute, ec2:ModifyAddressAttribute and ec2:ResetAddressAttribute (docs/aws.md)'
      : code === 'InvalidAddress.Locked'
        ? 'a name that AWS support has set can only be taken away by it: ask for that, and leave the reverse DNS of its forms empty'
        : code === 'UnsupportedOperation' || code === 'InvalidAction'
          ? 'this region (GovCloud, China) has no call for it: ask AWS support to set the name'
          : 'correct that, then apply again: there is nothing to clean up';
  return `AWS does not set ${name} as the reverse name of ${address}: ${message} (${code}); ${fix}`;
}
