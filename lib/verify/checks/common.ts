import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { absoluteName, normalizeName, zoneFileText } from '../../dns';
import { said, who } from '../dns';
import { type About, type Finding, type Fix, wrong } from '../finding';
import type { Answer } from '../picture';

/** A line of a zone file (RFC 1035 5), every name absolute. */
export function zoneLine(name: string, type: string, value: string): string {
  return `${absoluteName(name)} 300 IN ${type} ${value}`;
}

/** A TXT line, as `mailserver zone` prints it. */
export function textLine(name: string, text: string): string {
  return zoneLine(name, 'TXT', zoneFileText(text));
}

/** Values for people. */
export function shown(answer: Pick<Answer, 'outcome' | 'values' | 'view'>): string {
  if (answer.outcome === 'unasked') return 'not asked';
  if (answer.outcome === 'answer') return answer.values.join(', ');
  return answer.view ? said(answer.view) : answer.outcome;
}

/** Whether the answer tells that there is no such record, as opposed to not telling. */
export function isAbsent({ outcome }: Pick<Answer, 'outcome'>): boolean {
  return outcome === 'nodata' || outcome === 'nxdomain';
}

/** The finding for something that nobody could tell; undefined when somebody could. */
export function unanswered(about: About, answer: Answer, expected: string): Finding | undefined {
  const { outcome, view } = answer;
  if (outcome === 'answer' || outcome === 'alias' || isAbsent(answer)) return undefined;
  const servers = answer.silent.map((each) => `${who(each)}: ${said(each)}`);
  const signatures = answer.silent.some(({ bogus }) => bogus);
  return wrong(about, outcome === 'servfail' || signatures ? 'critical' : 'unknown', {
    found: shown(answer),
    expected,
    problem: `no server tells: ${servers.join('; ') || 'nobody was asked'}`,
    fix: signatures ? signatureFix : answerFix(view?.outcome),
  });
}

export const signatureFix: Fix = {
  text: 'the DNSSEC signatures of the zone are wrong or have expired: sign the zone anew, or take its DS record out of the zone above until it is signed',
};

function answerFix(outcome: string | undefined): Fix {
  if (outcome === 'timeout' || outcome === 'unreachable' || outcome === 'noroute') {
    return { text: 'see that port 53 (UDP and TCP) is open from here, or name other resolvers with --resolver' };
  }
  return { text: 'see the findings about the zone: its name servers do not answer for it' };
}

/** A warning where servers disagree about a value that is right on the authoritative side; undefined where they agree. */
export function disagreement(about: About, answer: Answer): Finding | undefined {
  if (answer.dissent.length === 0) return undefined;
  const resolversOnly = answer.dissent.every(({ source }) => source === 'resolver');
  return wrong(about, 'warning', {
    found: answer.dissent.map((view) => `${who(view)}: ${said(view)}`).join('; '),
    expected: shown(answer),
    problem: resolversOnly
      ? `${answer.dissent.length} of the resolvers still know another value than the zone's own servers`
      : "the zone's own servers disagree: which value the world sees is a matter of chance",
    fix: {
      text: resolversOnly
        ? 'wait until the old value has expired (its TTL), then look again'
        : 'let the zone be transferred to all of its name servers; see the serials below',
    },
  });
}

const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}

/** All of IPv6 that is given to networks of the internet (RFC 4291 2.4, the registry of IANA). */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** An address that nobody on the internet can reach (RFC 6890): private, loopback, link-local, multicast. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, 'ipv4');
  return isIPv6(address) && !globalUnicast.check(address, 'ipv6');
}

/** `example.com.example.com.` where `example.com` was meant: a zone file without the final dot. */
export function lacksFinalDot(found: string, meant: string): boolean {
  return meant.includes('.') && normalizeName(found).startsWith(`${normalizeName(meant)}.`);
}
