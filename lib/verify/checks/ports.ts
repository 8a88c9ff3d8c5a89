import { type Finding, isBad, worst } from '../finding';
import type { SmtpPicture } from '../smtp/probe';
import { checkSmtp } from './smtp';

interface Seen {
  readonly finding: Finding;
  readonly picture: SmtpPicture;
}

/** What all ports of all addresses say. A fault that several of them have is one finding, which names them. */
export function checkPorts(pictures: readonly SmtpPicture[], heloName: string, now: Date = new Date()): Finding[] {
  const all = pictures.flatMap((picture) => checkSmtp(picture, heloName, now).map((finding): Seen => ({ finding, picture })));
  const faults = new Map<string | Seen, Seen[]>();
  for (const seen of all) {
    const key = isBad(seen.finding.state) ? faultOf(seen) : seen;
    faults.set(key, [...(faults.get(key) ?? []), seen]);
  }
  return [...faults.values()].map(together);
}

/** Two findings are one fault where one hand cures both; a message may name the port. */
function faultOf({ finding: { check, found, expected, problem, fix }, picture: { port } }: Seen): string {
  return JSON.stringify([check, found, expected, problem, fix]).replaceAll(`port ${port}`, 'port');
}

function together(seen: readonly Seen[]): Finding {
  const [{ finding, picture }, ...others] = seen as readonly [Seen, ...Seen[]];
  if (others.length === 0) return finding;
  const ports = [...new Set(seen.map((each) => each.picture.port))].sort((left, right) => left - right);
  const named = `${ports.length > 1 ? 'ports' : 'port'} ${listed(ports)}`;
  const texts = JSON.stringify(finding).replaceAll(`port ${picture.port}`, named);
  return {
    ...(JSON.parse(texts) as Finding),
    state: worst(seen.map((each) => each.finding.state)),
    subject: `${listed(seen.map((each) => each.picture.address))} ${named}`,
  };
}

/** `25, 465 and 587`; each once. */
function listed(values: readonly (string | number)[]): string {
  const words = [...new Set(values.map(String))];
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
