import { harmlessLines, harmlessValues } from '../../text/harmless';

/** Levels of hclog, the logger on Terraform's side. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/**
 * One line of hclog's JSON form on standard error: Terraform reads it and shows it where `TF_LOG` (or `TF_LOG_PROVIDER`) asks
 * for the level. Without either, nobody sees it.
 */
export function log(level: LogLevel, message: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void {
  // Terraform takes a line for JSON only when its time has six decimals.
  const timestamp = new Date().toISOString().replace('Z', '000Z');
  const line = {
    '@level': level,
    '@message': harmlessLines(message),
    '@module': 'mailserver',
    '@timestamp': timestamp,
    ...harmlessValues(fields),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The text of whatever was thrown, with its stack where it has one: for the log, not for users. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
