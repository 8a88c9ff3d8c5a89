import type { ConnectionSettings } from '../host/connection-settings';
import { judgeDns } from './checks';
import { ownAddresses } from './checks/helo';
import { checkHost } from './checks/host';
import { checkPorts } from './checks/ports';
import { type CollectOptions, collectDns } from './collect';
import { type Finding, type Group, groups, type State, worst, worstFirst } from './finding';
import { type LookOptions, lookAtHost } from './host/look';
import { Known } from './picture';
import { type ProbeOptions, probeSmtp, smtpPorts } from './smtp/probe';
import type { VerifySubject } from './subject';

export interface VerifyOptions extends CollectOptions {
  /** Whether to talk to the ports of each address. Default: true. */
  readonly smtp?: boolean;
  readonly smtpOptions?: Partial<ProbeOptions>;
  /** How to log in to the mail host, to look from inside. */
  readonly connection?: ConnectionSettings;
  readonly hostOptions?: LookOptions;
  /** Told of each part that is done. */
  readonly onPart?: (part: 'dns' | 'smtp' | 'host', milliseconds: number) => void;
}

/** Everything that was checked. */
export interface VerifyReport {
  /** With every address that was looked at. */
  readonly subject: VerifySubject;
  /** ISO 8601. */
  readonly time: string;
  readonly milliseconds: number;
  /** The worst of all findings. */
  readonly state: State;
  /** How many there are of each state. */
  readonly counts: Readonly<Record<State, number>>;
  readonly findings: readonly Finding[];
}

/** Looks at a mail server from every side at once, and judges what was seen. Never rejects for what the world does. */
export async function verify(subject: VerifySubject, options: VerifyOptions = {}): Promise<VerifyReport> {
  const begin = performance.now();
  const { onPart, connection, smtp = true } = options;
  const timed = async <T>(part: 'dns' | 'smtp' | 'host', work: Promise<T>): Promise<T> => {
    const result = await work;
    onPart?.(part, Math.round(performance.now() - begin));
    return result;
  };
  const dns = timed('dns', collectDns(subject, options));
  const host = connection && timed('host', lookAtHost(connection, options.hostOptions));
  // Known addresses need not wait for DNS; without any, those of the HELO name are talked to.
  const own = async () => ownAddresses(subject, new Known((await dns).observations));
  const dialogues = smtp
    ? timed('smtp', (async () => probeAll(subject, subject.addresses.length > 0 ? subject.addresses : await own(), options))())
    : [];
  const [picture, pictures, inside] = await Promise.all([dns, dialogues, host]);
  const addresses = ownAddresses(subject, new Known(picture.observations));
  return report(
    { ...subject, addresses },
    [
      ...judgeDns(subject, picture),
      ...checkPorts(pictures, subject.heloName),
      ...(inside ? checkHost(inside, subject.heloName, addresses) : []),
    ],
    performance.now() - begin,
  );
}

function probeAll(subject: VerifySubject, addresses: readonly string[], { smtpOptions }: VerifyOptions) {
  const { heloName, domains, withSubdomains, withKnownRecipients } = subject;
  return Promise.all(
    addresses.flatMap((address) =>
      smtpPorts.map((port) =>
        probeSmtp(address, port, { heloName, domains, withSubdomains, withKnownRecipients, ...smtpOptions }),
      ),
    ),
  );
}

/** Findings as a report: in the order of the sections, the worst of each first, with their counts. */
export function report(
  subject: VerifySubject,
  findings: readonly Finding[],
  milliseconds: number,
  time = new Date(),
): VerifyReport {
  const order = Object.keys(groups) as Group[];
  const sorted = order.flatMap((group) => worstFirst(findings.filter((finding) => finding.group === group)));
  const count = (state: State) => sorted.filter((finding) => finding.state === state).length;
  return {
    subject,
    time: time.toISOString(),
    milliseconds: Math.round(milliseconds),
    state: worst(sorted.map(({ state }) => state)),
    counts: {
      ok: count('ok'),
      note: count('note'),
      warning: count('warning'),
      critical: count('critical'),
      unknown: count('unknown'),
    },
    findings: sorted,
  };
}
