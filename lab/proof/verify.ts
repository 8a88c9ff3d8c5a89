import { inLab } from '../deploy';
import { supervisorProgram } from '../supervisor';
import { type Lab, run } from '../system';
import { publicResolvers } from '../world';
import { type Check, check, checked } from './check';
import type { Subject } from './subject';

/** What is read of the report of `mailserver verify --json`. */
interface Report {
  readonly milliseconds: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

interface Finding {
  readonly check: string;
  readonly subject: string;
  readonly title: string;
  readonly state: string;
  readonly found: string;
  readonly expected?: string;
  readonly problem?: string;
  readonly fix?: { readonly text: string; readonly records?: readonly string[]; readonly command?: string };
}

/** Runs `mailserver verify` where the operator is, with the lab's public resolvers as the world's; gives its report. */
export async function verifyReport(lab: Lab, subject: Subject, flags: readonly string[] = []): Promise<Report> {
  const { heloName, address, domain } = subject;
  const resolvers = publicResolvers.flatMap(({ ipv4 }) => ['--resolver', ipv4]);
  const who = ['--helo', heloName, '--address', address, '--domain', domain, ...resolvers];
  const [file, ...args] = await inLab(lab, [process.execPath, supervisorProgram(), 'verify', ...who, '--json', ...flags]);
  // 1 to 3 tell the worst finding, as of a Nagios plugin.
  const { stdout, stderr } = await run(file, args, { name: 'mailserver verify', accept: [0, 1, 2, 3], timeout: 60_000 });
  if (!stdout.startsWith('{')) throw new Error(stderr.trim() || 'no report');
  return JSON.parse(stdout) as Report;
}

/** The verdict of `mailserver verify` on the deployed host, as one line. */
export function verdict(lab: Lab, subject: Subject): Promise<Check[]> {
  const name = 'mailserver verify finds nothing critical';
  const expected = 'warnings at most';
  return checked(name, expected, async () => {
    const { counts, findings, milliseconds } = await verifyReport(lab, subject, ['--no-ssh']);
    const critical = findings.filter(({ state }) => state === 'critical' || state === 'unknown');
    const problems = critical.map(({ title, problem }) => `${title}: ${problem}`).join('; ');
    const seen = `${counts.ok} checks ok, ${counts.warning === 1 ? '1 warning' : `${counts.warning} warnings`}, in ${(milliseconds / 1000).toFixed(1)} s`;
    return check(name, critical.length === 0, problems || seen, expected);
  });
}
