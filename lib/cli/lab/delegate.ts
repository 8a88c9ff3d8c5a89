import { control } from '../../../lab';
import { say } from '../terminal';
import { type LabFlags, labOf } from './flags';

/** `mailserver lab delegate ZONE`: what the owner of a domain does at a registrar. */
export async function labDelegate(
  flags: LabFlags & { readonly to?: readonly string[]; readonly remove?: boolean },
  zone: string,
): Promise<void> {
  const lab = await labOf(flags);
  const { delegations } = await control(lab, 'delegate', { zone, to: flags.remove ? [] : flags.to });
  const name = zone.toLowerCase().replace(/\.?$/, '.');
  const hosts = delegations[name]?.map((host) => host.replace(/\.$/, ''));
  say(hosts ? `the world asks ${hosts.join(', ')} about ${zone}\n` : `the world knows no name server of ${zone}\n`);
}
