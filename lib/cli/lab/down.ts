import { down } from '../../../lab';
import { duration, Progress } from '../progress';
import { say } from '../terminal';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab down` */
export async function labDown(flags: LabFlags): Promise<void> {
  const lab = await labOf(flags);
  const progress = new Progress();
  try {
    await down(lab, progress.onStep);
  } finally {
    progress.stop();
  }
  say(`lab ${lab.name} is gone, in ${duration(progress.elapsed)}\n`);
}
