import { normalizeName, sameName } from '../../dns';
import { type About, type Finding, note, ok, type State, wrong } from '../finding';
import type { HostPicture } from '../host/picture';
import { hostChecks } from './host-checks';
import { checkOutbound } from './outbound';

/** What the mail host says of itself, and what its mail looks like from elsewhere. */
export function checkHost(picture: HostPicture, heloName: string, addresses: readonly string[]): Finding[] {
  if (picture.problem !== undefined) {
    const about: About = { check: 'ssh', group: 'host', subject: picture.host, title: `Login to ${picture.host}` };
    return [
      wrong(about, 'unknown', {
        found: picture.problem,
        expected: 'a login over SSH',
        problem: 'the mail host could not be looked at from inside',
        fix: {
          text: 'see that the login works; --no-ssh looks from outside only',
          ...(picture.login !== undefined && { command: picture.login }),
        },
      }),
    ];
  }
  return [...checkOutbound(picture, heloName, addresses), ...checkHeard(picture, heloName, addresses), ...checkReport(picture)];
}

function checkHeard({ heard, outbound }: HostPicture, heloName: string, addresses: readonly string[]): Finding[] {
  if (!heard) return [];
  const about: About = { check: 'helo-heard', group: 'outbound', subject: heard.listener, title: 'HELO as a receiver hears it' };
  const { helo, address, problem } = heard;
  const expected = `${normalizeName(heloName)}, from ${addresses.join(' or ') || 'its address'}`;
  const relays = outbound?.relays ?? [];
  if (helo === undefined && relays.length > 0) {
    return [
      note(about, 'nothing', `the test mail took the way of all others, by ${relays.join(', ')}: receivers hear that server`),
    ];
  }
  if (helo === undefined) {
    return [
      wrong(about, 'unknown', {
        found: problem ?? 'nothing',
        expected,
        problem: `the host sent no mail to the listener at ${heard.listener}`,
        fix: { text: 'see that port 25 of this machine can be reached from the mail host, and that outgoing port 25 is open' },
      }),
    ];
  }
  const found = `${helo}, from ${address}`;
  const rightName = sameName(helo, heloName);
  const rightAddress = addresses.length === 0 || (address !== undefined && addresses.includes(address));
  if (rightName && rightAddress) return [ok(about, found)];
  if (!rightName) {
    return [
      wrong(about, 'critical', {
        found,
        expected,
        problem: 'receivers hear another name than the one that the reverse name leads to',
        fix: {
          text: 'let myhostname be the HELO name, and smtp_helo_name be $myhostname',
          command: `echo ${normalizeName(heloName)} > /etc/postfix/myhostname && postconf -x smtp_helo_name && /etc/init.d/postfix reload`,
        },
      }),
    ];
  }
  return [
    wrong(about, 'critical', {
      found,
      expected,
      problem: 'mail leaves from another address than the one whose reverse name is set',
      fix: {
        text: 'bind the sending services to the right address (bindIpv4, bindIpv6), or set the reverse name of this one',
        command: "postconf -P '*/unix/smtp_bind_address'; ip address",
      },
    }),
  ];
}

/** States of the checks on the host, by exit code. */
const states: readonly State[] = ['ok', 'warning', 'critical', 'unknown'];

function checkReport({ report, reportProblem, host }: HostPicture): Finding[] {
  if (!report) {
    if (reportProblem === undefined) return [];
    const about: About = { check: 'host-checks', group: 'host', subject: host, title: 'Checks on the host' };
    return [note(about, reportProblem, 'the host has no checks of its own: it was not set up by this package')];
  }
  return report.checks.map(({ name, code, message }) => {
    const check = hostChecks[name];
    const about: About = { check: `host-${name}`, group: 'host', subject: host, title: check?.title ?? name };
    const state = states[code] ?? 'unknown';
    if (state === 'ok' || state === 'note') return ok(about, message);
    const again = `/usr/lib/mailserver/check ${name}`;
    if (state === 'unknown' || !check) {
      return wrong(about, state, {
        found: message,
        expected: check?.expected ?? 'OK',
        problem: state === 'unknown' ? 'the host could not find it out' : `the check '${name}' on the host is not OK`,
        fix: { text: 'run it on the host, and see docs/checks.md', command: again },
      });
    }
    return wrong(about, state, {
      found: message,
      expected: check.expected,
      problem: (state === 'warning' && check.warning) || check.problem,
      fix: { text: `on the host: ${check.fix}`, command: check.command },
    });
  });
}
