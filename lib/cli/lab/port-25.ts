import { control } from '../../../lab';
import { say } from '../terminal';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab port-25 open`: what AWS does for an account whose owner has asked for it. */
export async function labPort25(flags: LabFlags, state: 'open' | 'closed'): Promise<void> {
  const { outboundPort25 } = await control(await labOf(flags), 'port25', { open: state === 'open' });
  say(`outgoing port 25 is ${outboundPort25}\n`);
}
