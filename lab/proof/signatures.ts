import { execIn } from '../machines';
import type { Lab } from '../system';
import { type Check, check } from './check';
import type { Subject } from './subject';

/**
 * The check that fails when the host waits for its first virus signatures, as a host in the lab does unless it scans with the test
 * signature: then it puts off every mail, and there is no mail flow to prove. Empty when there is nothing to wait for.
 */
export async function missingSignatures(lab: Lab, { machine, officialSignatures }: Subject): Promise<Check[]> {
  if (!officialSignatures) return [];
  const look = 'for name in main daily; do ls /var/lib/clamav/$name.cvd /var/lib/clamav/$name.cld 2>/dev/null || echo none; done';
  const { stdout } = await execIn(lab, machine, ['sh', '-c', look], { timeout: 30_000 });
  if (!stdout.includes('none')) return [];
  return [
    check(
      'virus signatures are there',
      false,
      'none, and no way to fetch them from here: every mail is put off (451)',
      'clamavTestSignatureOnly: true in the lab, see README',
    ),
  ];
}
