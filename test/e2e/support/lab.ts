import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLab, type Lab, type OnStep } from '../../../lab';
import { takeAwayAfterwards } from './caretaker';

/** A lab of a test file's own: images are shared, everything else is not. */
export function testLab(name: string): Lab {
  const lab = describeLab({ name, stateDir: join(tmpdir(), `mslab-${name}-${randomBytes(3).toString('hex')}`) });
  takeAwayAfterwards(lab);
  return lab;
}

/** Steps as plain lines, so that a slow run can be understood. */
export const reportSteps: OnStep = ({ title, state, milliseconds }) => {
  if (state !== 'started')
    process.stderr.write(
      `  ${((milliseconds ?? 0) / 1000).toFixed(1).padStart(6)} s  ${title}${state === 'failed' ? ' FAILED' : ''}\n`,
    );
};

/** Steps are told, lines of a push too. */
export const reportEvents = { onStep: reportSteps, onLine: (line: string) => process.stderr.write(`            ${line}\n`) };
