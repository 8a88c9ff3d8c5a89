import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Lab } from '../../../lab';

const SCRIPT = `
cat >/dev/null
if [ -e "$1" ]; then "\${@:2}" lab down --name "$0" --state "$1"; rm -rf "$1"; fi`;

/**
 * Takes a lab away once this process has ended without doing it: after Ctrl-C, a crash, a kill. What waits for that end has a process
 * group of its own, which no Ctrl-C reaches, and sees it by its standard input.
 * @returns the id of the process that waits.
 */
export function takeAwayAfterwards(lab: Lab): number | undefined {
  const mailserver = [process.execPath, resolve(__dirname, '../../../dist/cli/mailserver.js')];
  const caretaker = spawn('bash', ['-c', SCRIPT, lab.name, lab.stateDir, ...mailserver], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither shall keep this process from ending.
  caretaker.unref();
  (caretaker.stdin as unknown as { unref(): void }).unref();
  return caretaker.pid;
}
