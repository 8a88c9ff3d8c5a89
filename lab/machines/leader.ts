import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../system';
import { processesBelow } from '../system/cgroups';
import { machineCgroup } from './paths';

/** Pid of the machine's first process (systemd) as this host sees it; undefined when the machine does not run. */
export async function leaderOf(lab: Lab, machine: string): Promise<number | undefined> {
  const payload = join(await machineCgroup(lab, machine), 'nspawn/payload');
  for (const pid of [...(await processesBelow(payload))].sort((a, b) => a - b)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:\s+\d+\s+1$/m.test(status)) return pid;
  }
  return undefined;
}
