import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLab, type Lab, type OnStep } from '../../../lab';
import { checkPreconditions } from '../../../lab/system';
import { takeAwayAfterwards } from './caretaker';

/** Of this process: two runs on one machine do not meet. */
const ownLetters = (process.pid % 36 ** 4).toString(36);

/** The labs of this process, in the order in which they were described. */
export const testLabs: Lab[] = [];

/** A lab of a test file's own: images are shared, everything else is not. */
export function testLab(initial: string): Lab {
  const name = `${initial.slice(0, 8)}${ownLetters}`;
  const lab = describeLab({ name, stateDir: join(tmpdir(), `mslab-${name}-${randomBytes(3).toString('hex')}`) });
  takeAwayAfterwards(lab);
  testLabs.push(lab);
  return lab;
}

/** A lab for machines alone, of this process: without AWS and the world, and with its state folder there already. */
export async function machinesLab(initial: string): Promise<Lab> {
  await checkPreconditions();
  const lab = testLab(initial);
  await mkdir(lab.stateDir, { mode: 0o700 });
  return lab;
}

/** Steps as plain lines, so that a slow run can be understood. */
export const reportSteps: OnStep = ({ title, state, milliseconds }) => {
  if (state !== 'started')
    process.stderr.write(
      `  ${((milliseconds ?? 0) / 1000).toFixed(1).padStart(6)} s  ${title}${state === 'failed' ? ' FAILED' : ''}\n`,
    );
};

/** Steps are reported, lines of a push too. */
export const reportEvents = { onStep: reportSteps, onLine: (line: string) => process.stderr.write(`            ${line}\n`) };
