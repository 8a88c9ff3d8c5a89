import { isIPv6 } from 'node:net';
import { normalizeName } from '../../dns';
import { heloName as heloNameProblem } from '../../net/helo-name';
import { canonicalIpv6, sameValues } from '../dns';
import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Answer, Known } from '../picture';
import type { VerifySubject } from '../subject';
import { disagreement, isAbsent, isPrivateAddress, shown, unanswered, zoneLine } from './common';

const about = (check: string, subject: string, title: string): About => ({ check, group: 'names', subject, title });

/** The HELO name itself, its A record and its AAAA record. */
export function checkHeloName(subject: VerifySubject, known: Known): Finding[] {
  const { heloName } = subject;
  return [
    checkSyntax(heloName),
    ...checkAddresses(subject, known.answer(heloName, 'A'), 'A'),
    ...checkAddresses(subject, known.answer(heloName, 'AAAA'), 'AAAA'),
  ];
}

/** The addresses that count as the mail host's own: those given, and those of the HELO name. */
export function ownAddresses({ heloName, addresses }: VerifySubject, known: Known): string[] {
  const found = [known.answer(heloName, 'A'), known.answer(heloName, 'AAAA')].flatMap(({ values }) => values);
  return [...new Set([...addresses, ...found].map(canonicalIpv6))];
}

function checkSyntax(heloName: string): Finding {
  const subject = about('helo-name', heloName, 'HELO name');
  const problem = heloNameProblem(normalizeName(heloName));
  if (problem === undefined) return ok(subject, heloName);
  return wrong(subject, 'critical', {
    found: heloName,
    expected: 'a full name in a zone of yours, e.g. mail.example.com',
    problem,
    fix: { text: 'choose another HELO name (heloName of the stack, /etc/postfix/myhostname on the host)' },
  });
}

function checkAddresses(subject: VerifySubject, answer: Answer, type: 'A' | 'AAAA'): Finding[] {
  const { heloName } = subject;
  const here = about(type.toLowerCase(), heloName, `${type} of ${heloName}`);
  const mine = subject.addresses.filter((address) => isIPv6(address) === (type === 'AAAA')).map(canonicalIpv6);
  const records = mine.map((address) => zoneLine(heloName, type, address));
  const expected = mine.join(', ') || (type === 'A' ? 'the public address of the mail host' : 'none');

  const open = unanswered(here, answer, expected);
  if (open) return type === 'AAAA' && answer.outcome === 'unasked' ? [] : [open];
  if (answer.aliases.length > 0) {
    return [
      wrong(here, 'critical', {
        found: `alias (CNAME) to ${answer.aliases.join(' → ')}`,
        expected: `an address of its own: ${expected}`,
        problem: 'the HELO name is an alias: an MX must not point to one (RFC 2181 10.3), and receivers compare the name itself',
        fix: { text: `replace the CNAME by an ${type} record`, records },
      }),
    ];
  }
  if (isAbsent(answer)) return absent(here, answer, { type, records, expected, others: subject.addresses.length > 0 });
  const unreachable = answer.values.filter(isPrivateAddress);
  if (unreachable.length > 0) {
    return [
      wrong(here, 'critical', {
        found: shown(answer),
        expected,
        problem: `nobody on the internet can reach ${unreachable.join(', ')}`,
        fix: { text: 'publish the public address; behind 1:1 NAT that is the outside one (Elastic IP)', records },
      }),
    ];
  }
  if (mine.length > 0 && !sameValues(type, answer.values, mine)) return [otherAddresses(here, answer, { type, mine, records })];
  if (type === 'AAAA' && mine.length === 0 && subject.addresses.length > 0) return [unwantedIpv6(here, answer, heloName)];
  return [disagreement(here, answer) ?? ok(here, shown(answer))];
}

function absent(
  here: About,
  answer: Answer,
  { type, records, expected, others }: { type: string; records: string[]; expected: string; others: boolean },
): Finding[] {
  if (type === 'AAAA' && records.length === 0) return [disagreement(here, answer) ?? ok(here, 'none: mail goes over IPv4')];
  return [
    wrong(here, 'critical', {
      found: shown(answer),
      expected,
      problem: 'the HELO name does not resolve: receivers refuse the mail, and nobody can deliver here',
      fix: { text: others ? 'add the record' : 'add an A record with the public address of the mail host', records },
    }),
  ];
}

function otherAddresses(
  here: About,
  answer: Answer,
  { type, mine, records }: { type: string; mine: string[]; records: string[] },
): Finding {
  const extra = answer.values.filter((value) => !mine.includes(canonicalIpv6(value)));
  const missing = mine.filter((address) => !answer.values.map(canonicalIpv6).includes(address));
  const parts = [
    extra.length > 0 && `${extra.join(', ')} is not an address of this mail host`,
    missing.length > 0 && `${missing.join(', ')} is missing`,
  ].filter(Boolean);
  return wrong(here, 'critical', {
    found: shown(answer),
    expected: mine.join(', '),
    problem: parts.join(', and '),
    fix: { text: `let the ${type} records be exactly these`, records },
  });
}

/** Receivers that reach the host over IPv6, or are reached, judge it by a PTR that may not exist (R32). */
function unwantedIpv6(here: About, answer: Answer, heloName: string): Finding {
  const line = (address: string) => zoneLine(heloName, 'AAAA', address);
  if (answer.values.every((address) => !isPrivateAddress(address))) {
    return wrong(here, 'warning', {
      found: shown(answer),
      expected: 'none: no IPv6 address of the mail host is known',
      problem: 'the name has an IPv6 address that is not among the addresses of the mail host: mail may be sent to it',
      fix: {
        text: `delete '${answer.values.map(line).join("' and '")}'; or, if the mail host has this address and it has a reverse name, say so: publicIpv6 of the host in the stack, --address here`,
      },
    });
  }
  return note(here, shown(answer));
}
