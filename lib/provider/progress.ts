import { appendFileSync } from 'node:fs';
import { harmless } from '../text/harmless';
import { log } from './protocol/log';

/**
 * Where an apply says how far it is. Terraform shows nothing of a provider but its log, so the lines also go to the file named
 * by `MAILSERVER_PROGRESS`, where `tail -f` or a wrapping command can follow them. `subject` begins each line: an address, a name.
 */
export function progressOf(subject: string, env: NodeJS.ProcessEnv = process.env): (line: string) => void {
  const file = env.MAILSERVER_PROGRESS;
  return (text) => {
    const line = harmless(text);
    log('info', line, { host: subject });
    if (!file) return;
    try {
      appendFileSync(file, `${subject} ${line}\n`);
    } catch (error) {
      log('warn', `cannot write to MAILSERVER_PROGRESS: ${(error as Error).message}`);
    }
  };
}
