import { normalizeName, sameName } from '../../dns';
import { type About, type Finding, type Fix, note, ok, type State, wrong } from '../finding';
import type { HostPicture } from '../host/picture';

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
          text: 'see that the login works; leave --ssh out to look from outside only',
          command: `ssh ${picture.host.replace(/:22$/, '')}`,
        },
      }),
    ];
  }
  return [...checkOutbound(picture, heloName, addresses), ...checkHeard(picture, heloName, addresses), ...checkReport(picture)];
}

function checkOutbound(
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
  const { attempts, vendor } = outbound;
  const reached = attempts.filter(({ banner }) => banner !== undefined);
  const unresolved = attempts.filter((each) => each.unresolved !== undefined);
  const blocked = attempts.filter(({ problem }) => problem !== undefined);
  const found = attempts
    .map(({ target, banner, problem, unresolved: name }) => `${target}: ${banner ?? problem ?? name}`)
    .join('; ');
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
      problem: 'outgoing port 25 is blocked: mail to others waits in the queue, and comes back to its senders after five days',
      fix: portRequest(vendor, heloName, addresses),
    }),
  ];
}

/** What to ask for, in words that can be pasted. */
function portRequest(vendor: string, heloName: string, addresses: readonly string[]): Fix {
  const address = addresses.find((each) => !each.includes(':')) ?? 'ADDRESS';
  const form = `"Request to remove email sending limitations" (https://repost.aws/knowledge-center/ec2-port-25-throttle leads to it), as the root user of the account, with: Elastic IP ${address}; reverse DNS record ${normalizeName(heloName)}; use case: a mail server whose forward, reverse and HELO names agree, which sends mail of our own applications to recipients who asked for it, takes back bounces, and is no open relay`;
  if (/amazon/i.test(vendor))
    return { text: `AWS blocks port 25 of new accounts. Send the form ${form}. Until then, send through a relay on port 587` };
  return {
    text: `ask the provider to open outgoing port 25 for ${address}, and see that no firewall of yours closes it. At AWS that is the form ${form}`,
  };
}

function checkHeard({ heard }: HostPicture, heloName: string, addresses: readonly string[]): Finding[] {
  if (!heard) return [];
  const about: About = { check: 'helo-heard', group: 'outbound', subject: heard.listener, title: 'HELO as a receiver hears it' };
  const { helo, address, problem } = heard;
  const expected = `${normalizeName(heloName)}, from ${addresses.join(' or ') || 'its address'}`;
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
    const about: About = { check: `host-${name}`, group: 'host', subject: host, title: hostTitles[name] ?? name };
    const state = states[code] ?? 'unknown';
    if (state === 'ok' || state === 'note') return ok(about, message);
    return wrong(about, state, {
      found: message,
      expected: 'OK',
      problem: `the check '${name}' on the host is not OK`,
      fix: { text: 'run it there, and see docs/checks.md', command: `/usr/lib/mailserver/check ${name}` },
    });
  });
}

const hostTitles: Readonly<Record<string, string>> = {
  processes: 'Filters and services answer',
  ports: 'Ports 25, 587 and 465',
  certificate: 'Certificates in use',
  spam: 'Spam (GTUBE) is refused',
  virus: 'Viruses (EICAR) are refused',
  maps: 'Maps are fresh',
  queue: 'Queue',
  signatures: 'Virus signatures are fresh',
  rules: 'Spam rules are fresh',
  blocklists: 'Blocklists in use answer truly',
  reputation: 'Own addresses on blocklists in use',
};
