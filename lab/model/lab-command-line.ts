import { commandLine, type Lab } from '../system';
import { defaultStateDir } from './state-folder';

/** What somebody types for a command on this very lab, e.g. `npx mailserver lab down --name second`. */
export function labCommandLine({ name, stateDir }: Pick<Lab, 'name' | 'stateDir'>, verb: 'up' | 'down' | 'ssh' | 'run'): string {
  const words = ['npx', 'mailserver', 'lab', verb];
  if (name !== 'lab') words.push('--name', name);
  if (stateDir !== defaultStateDir(name)) words.push('--state', stateDir);
  return commandLine(words);
}
