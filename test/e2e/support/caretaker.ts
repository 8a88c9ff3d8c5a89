import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Lab } from '../../../lab';

const SCRIPT = `
cat >/dev/null
if [ -e "$LAB_STATE" ]; then "$@" lab down --name "$LAB_NAME" --state "$LAB_STATE" && rm -rf "$LAB_STATE"; fi`;

/**
 * Takes a lab away once this process has ended without doing it: after Ctrl-C, a crash, a kill. What waits for that end has a process
 * group of its own, which no Ctrl-C reaches, and sees it by its standard input. It knows the lab by its environment: tests look for the
 * lab among the command lines of all processes.
 */
export function takeAwayAfterwards(lab: Lab): void {
  const mailserver = [process.execPath, resolve(__dirname, '../../../dist/cli/mailserver.js')];
  const caretaker = spawn('bash', ['-c', SCRIPT, 'caretaker', ...mailserver], {
    cwd: '/',
    env: { ...process.env, LAB_NAME: lab.name, LAB_STATE: lab.stateDir },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither must keep this process from ending.
  caretaker.unref();
  (caretaker.stdin as Socket).unref();
}
