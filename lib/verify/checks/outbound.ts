import { normalizeName } from '../../dns';
import { type About, type Finding, type Fix, ok, wrong } from '../finding';
import type { HostPicture, OutboundReport } from '../host/picture';

/** Whether mail can leave the host. */
export function checkOutbound(
  { outbound, outboundProblem, host }: HostPicture,
  heloName: string,
  addresses: readonly string[],
): Finding[] {
  const about: About = { check: 'outbound', group: 'outbound', subject: host, title: 'Outgoing port 25' };
  const expected = 'a banner from every mail server';
  if (!outbound) {
    if (outboundProblem === undefined) return [];
    return [
      wrong(about, 'unknown', {
        found: outboundProblem,
        expected,
        problem: 'it could not be tried',
        fix: { text: 'try by hand', command: 'timeout 5 bash -c "</dev/tcp/gmail-smtp-in.l.google.com/25" && echo open' },
      }),
    ];
  }
  const { attempts, relays = [], partialRelays = [] } = outbound;
  const reached = attempts.filter(({ banner }) => banner !== undefined);
  const unresolved = attempts.filter((each) => each.unresolved !== undefined);
  const blocked = attempts.filter(({ problem }) => problem !== undefined);
  const found = attempts
    .map(({ target, banner, problem, unresolved: name }) => `${target}: ${banner ?? problem ?? name}`)
    .join('; ');
  if (relays.length > 0) {
    const port = isPortBlocked(outbound) ? 'blocked' : 'open';
    return [ok(about, `${port}, and not needed: all mail leaves by ${relays.join(', ')} (relay)`)];
  }
  if (blocked.length === 0 && unresolved.length === 0) {
    return [ok(about, `open: ${reached.map(({ target, seconds }) => `${target} in ${seconds} s`).join(', ')}`)];
  }
  if (reached.length === 0 && unresolved.length === attempts.length) {
    return [
      wrong(about, 'critical', {
        found,
        expected,
        problem: 'the host cannot resolve the names of other mail servers: mail waits in the queue',
        fix: {
          text: 'see that the resolver of the host works',
          command: 'cat /etc/resolv.conf; getent hosts gmail-smtp-in.l.google.com',
        },
      }),
    ];
  }
  if (reached.length > 0) {
    const missed = [...blocked, ...unresolved].map(({ target }) => target).join(', ');
    return [
      wrong(about, 'warning', {
        found,
        expected,
        problem: `${missed} cannot be reached, others can`,
        fix: { text: 'look again later; a single server may be down' },
      }),
    ];
  }
  return [
    wrong(about, 'critical', {
      found,
      expected,
      problem: `outgoing port 25 is blocked: mail to others${besides(partialRelays)} waits in the queue, and comes back to its senders after five days`,
      fix: portRequest(outbound, heloName, addresses),
    }),
  ];
}

/** Every server that has a name is silent or turns the host away, and there is one at least. */
const isPortBlocked = ({ attempts }: OutboundReport) =>
  attempts.some(({ problem }) => problem !== undefined) && attempts.every(({ banner }) => banner === undefined);

/** Whether that keeps mail from leaving. */
export const isMailBlocked = (report: OutboundReport) => isPortBlocked(report) && (report.relays ?? []).length === 0;

const besides = (relays: readonly string[]) =>
  relays.length === 0 ? '' : `, but for the senders and recipients whose mail leaves by ${relays.join(', ')},`;

/** What to ask for, in words that can be pasted. */
function portRequest({ vendor, partialRelays = [] }: OutboundReport, heloName: string, addresses: readonly string[]): Fix {
  const address = addresses.find((each) => !each.includes(':')) ?? 'ADDRESS';
  const form = `"Request to remove email sending limitations" (https://repost.aws/knowledge-center/ec2-port-25-throttle leads to it), as the root user of the account, with: Elastic IP ${address}; the field for the reverse DNS record left empty, since what AWS Support enters locks the address to the account, and "aws ec2 modify-address-attribute" sets ${normalizeName(heloName)} without it; use case: a mail server whose forward, reverse and HELO names agree, which sends mail of our own applications to recipients who asked for it, takes back bounces, and is not an open relay`;
  const meanwhile =
    partialRelays.length === 0
      ? 'Until then, set relay to a smart host on port 587 (docs/relay.md)'
      : 'Until then, add an entry without senders and recipients to relay, which takes the rest (docs/relay.md)';
  if (/amazon/i.test(vendor))
    return {
      text: `AWS blocks outgoing port 25 of every instance until the account has asked for it. Send the form ${form}. ${meanwhile}`,
    };
  return {
    text: `ask the provider to open outgoing port 25 for ${address}, and see that no firewall of yours closes it. ${meanwhile}. At AWS you ask with the form ${form}`,
  };
}
