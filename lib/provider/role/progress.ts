import { appendFileSync } from 'node:fs';
import type { ConnectionSettings } from '../../host/connection-settings';
import { log } from '../protocol/log';
import { addressOf } from './machine-identity';

/**
 * Where an apply says how far it is. Terraform shows nothing of a provider but its log, so the lines also go to the file named
 * by `MAILSERVER_PROGRESS`, where `tail -f` or a wrapping command can follow them.
 */
export function reporter(ssh: ConnectionSettings, env: NodeJS.ProcessEnv = process.env): (line: string) => void {
  const address = addressOf(ssh);
  const file = env.MAILSERVER_PROGRESS;
  return (line) => {
    log('info', line, { host: address });
    if (!file) return;
    try {
      appendFileSync(file, `${address} ${line}\n`);
    } catch (error) {
      log('warn', `cannot write to MAILSERVER_PROGRESS: ${(error as Error).message}`);
    }
  };
}
