import { execIn } from '../machines';
import type { Lab } from '../system';
import { type Check, check } from './check';
import type { Subject } from './subject';

/**
 * The check that fails when the host waits for its first virus signatures, as a host in the lab does unless it scans with the test
 * signature: then it puts off every mail, and there is no mail flow to prove. Empty when there is nothing to wait for.
 */
export async function missingSignatures(lab: Lab, { machine, antivirus }: Subject): Promise<Check[]> {
  if (!antivirus) return [];
  // What else may be wrong with the scanner is the mails' to tell.
  const probe = ['/usr/lib/mailserver/probe', 'clamd', '/run/clamav/clamd.ctl'];
  const { stdout } = await execIn(lab, machine, probe, { accept: [0, 1], timeout: 30_000 });
  if (!stdout.startsWith('waiting for the first virus signatures')) return [];
  return [
    check(
      'virus signatures are there',
      false,
      'none, and no way to fetch them from here: every mail is put off (451)',
      'clamavTestSignatureOnly: true in the lab, see README',
    ),
  ];
}
