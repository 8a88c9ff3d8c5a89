import { moreTime } from '../../verify/dns/memory';
import { type Addresses, isGone } from './addresses';
import type { AwsParts } from './parts';
import { problemOf } from './problems';
import type { Ended, NameChange } from './reverse-name';

/** How long AWS may hold an address after its name was taken away: minutes, says who has met it. Seconds. */
const heldSeconds = 1800;

/** Between two attempts. Milliseconds. */
const [firstPause, longestPause] = [1000, 10_000];

/**
 * Releases an Elastic IP, again and again while AWS says that it has a reverse name: for minutes after that was reset, which is done
 * here if nobody else has (a name that AWS set after an apply had given up is in no state).
 *
 * @throws AwsError what else stands against it: it is associated still, or may not be released
 */
export async function releaseAddress(
  addresses: Addresses,
  { address, allocationId, signal, onProgress }: Omit<NameChange, 'deadlineSeconds'>,
  { now, sleep }: Pick<AwsParts, 'now' | 'sleep'>,
): Promise<Ended> {
  const begin = now();
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    try {
      await addresses.release(allocationId);
      return {};
    } catch (error) {
      const { code, message } = problemOf(error);
      if (isGone(code)) return {};
      if (code !== 'InvalidAddress.PtrSet') throw error;
      const elapsed = (now() - begin) / 1000;
      const left = heldSeconds - elapsed;
      if (signal.aborted || left * 1000 < pause) {
        return { problem: `${message} (${code}), for ${Math.round(elapsed)} s by now: destroy again, it goes on from there` };
      }
      onProgress(
        `AWS does not let go of ${address} yet, its reverse name was there until just now: waiting for ${moreTime(left)} at most`,
      );
      // One that AWS is still setting, or taking away, is looked at again when that is over.
      const { name, update } = await addresses.nameOf(allocationId);
      const isOver = update?.status !== 'PENDING';
      if (isOver && (name !== undefined || update?.status === 'FAILED')) await addresses.resetName(allocationId);
      await sleep(pause, signal);
    }
  }
}
