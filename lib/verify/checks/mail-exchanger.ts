import { isIP } from 'node:net';
import { absoluteName, normalizeName, sameName } from '../../dns';
import { canonicalIpv6 } from '../dns';
import { type About, type Finding, note, ok, wrong } from '../finding';
import type { Answer, Known } from '../picture';
import type { VerifySubject, WantedExchanger } from '../subject';
import { disagreement, isAbsent, isPrivateAddress, lacksFinalDot, shown, unanswered, zoneLine } from './common';

interface Exchanger {
  readonly preference: number;
  /** Without final dot. */
  readonly host: string;
}

/** MX of a mail domain (RFC 5321 5.1): it names the mail hosts, by names that have addresses and are not aliases. */
export function checkMailExchangers(
  domain: string,
  { heloName, exchangers: wanted = [] }: Pick<VerifySubject, 'heloName' | 'exchangers'>,
  ownAddresses: readonly string[],
  known: Known,
): Finding[] {
  const about: About = { check: 'mx', group: 'domains', subject: domain, title: `MX of ${domain}` };
  const answer = known.answer(domain, 'MX');
  const values = wanted.length > 0 ? wanted.map(mailExchanger) : [mailExchanger({ heloName, preference: 10 })];
  const expected = values.join(', ');
  const records = values.map((value) => zoneLine(domain, 'MX', value));
  const bad = (problem: string, text: string) =>
    wrong(about, 'critical', { found: shown(answer), expected, problem, fix: { text, records } });

  const open = unanswered(about, answer, expected);
  if (open) return [open];
  if (isAbsent(answer) || answer.outcome === 'alias') return [withoutRecord(about, domain, heloName, answer, known, bad)];
  if (answer.aliases.length > 0) {
    return [
      bad(
        `the domain is an alias (CNAME) to ${answer.aliases.map(normalizeName).join(' → ')}`,
        'replace the CNAME by records of its own',
      ),
    ];
  }
  const exchangers = answer.values.map(exchanger).sort((a, b) => a.preference - b.preference);
  if (exchangers.some(({ host }) => host === '.')) {
    return [bad('the null MX says that the domain takes no mail at all (RFC 7505)', 'replace it by the MX of the mail host')];
  }
  // The names of the other hosts are looked at where these are verified.
  const others = exchangers.filter(({ host }) => !wanted.some((each) => sameName(each.heloName, host)));
  const targets = others.flatMap(({ host }) => checkTarget(domain, host, heloName, known));
  const here = exchangers.filter(({ host }) => isOurs(host, heloName, ownAddresses, known));
  const isWanted = wanted.length === 0 || wanted.some((each) => sameName(each.heloName, heloName));
  if (here.length === 0 && isWanted) {
    // Whose address it is makes no difference: it is none that mail could be sent to.
    if (exchangers.every(({ host }) => isIP(host) !== 0)) return targets;
    const dotless = exchangers.find(({ host }) => lacksFinalDot(host, heloName));
    return [
      dotless
        ? bad('the record lacks its final dot, so the name of its zone was appended', 'write the name with its final dot')
        : bad('mail for the domain goes to another mail host', 'point the MX to this mail host, or leave the domain out here'),
      ...targets.filter(({ subject }) => !dotless || subject !== domain),
    ];
  }
  const set = wanted.length > 0 ? checkSet(about, exchangers, wanted, answer, { expected, records }) : undefined;
  return [...(set ?? checkOrder(about, exchangers, here, heloName, answer)), ...targets];
}

const mailExchanger = ({ heloName, preference }: WantedExchanger) => `${preference} ${absoluteName(heloName)}`;

/** Of several hosts each is named, with its preference, and nobody else. */
function checkSet(
  about: About,
  exchangers: readonly Exchanger[],
  wanted: readonly WantedExchanger[],
  answer: Answer,
  { expected, records }: { readonly expected: string; readonly records: readonly string[] },
): Finding[] {
  const differ = disagreement(about, answer);
  if (differ) return [differ];
  const names = (hosts: readonly string[]) => hosts.map(normalizeName).join(', ');
  const missing = wanted.filter(({ heloName }) => !exchangers.some(({ host }) => sameName(host, heloName)));
  const foreign = exchangers.filter(({ host }) => !wanted.some(({ heloName }) => sameName(host, heloName)));
  const moved = exchangers.filter(({ host, preference }) =>
    wanted.some((each) => sameName(each.heloName, host) && each.preference !== preference),
  );
  const problems = [
    missing.length > 0 && `${names(missing.map(({ heloName }) => heloName))} is not named: no mail for the domain goes there`,
    foreign.length > 0 &&
      `${names(foreign.map(({ host }) => host))} takes mail too, and is none of the hosts of the stack that take mail`,
    moved.length > 0 && `the preference of ${names(moved.map(({ host }) => host))} is another one`,
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return [ok(about, shown(answer))];
  const fix = { text: 'apply the stack, or set these records', records };
  return [wrong(about, 'warning', { found: shown(answer), expected, problem: problems.join('; '), fix })];
}

function exchanger(value: string): Exchanger {
  const [preference = '0', host = ''] = value.split(/\s+/);
  return { preference: Number(preference), host: normalizeName(host) };
}

/** Mail to a domain without MX goes to its address (RFC 5321 5.1): right for the HELO name itself only. */
function withoutRecord(
  about: About,
  domain: string,
  heloName: string,
  answer: Answer,
  known: Known,
  bad: (problem: string, text: string) => Finding,
): Finding {
  if (sameName(domain, heloName) && known.answer(domain, 'A').outcome === 'answer') {
    return ok(about, 'none: mail goes to the address of the name itself');
  }
  if (answer.outcome === 'nxdomain')
    return bad('the domain does not exist in DNS', 'register or delegate the domain, and add its MX');
  return bad('the domain has no MX: mail for it goes to its web server, or nowhere', 'add the record');
}

function isOurs(host: string, heloName: string, ownAddresses: readonly string[], known: Known): boolean {
  if (sameName(host, heloName)) return true;
  const addresses = [known.answer(host, 'A'), known.answer(host, 'AAAA')].flatMap(({ values }) => values).map(canonicalIpv6);
  return addresses.length > 0 && addresses.every((address) => ownAddresses.map(canonicalIpv6).includes(address));
}

function checkOrder(
  about: About,
  exchangers: readonly Exchanger[],
  here: readonly Exchanger[],
  heloName: string,
  answer: Answer,
): Finding[] {
  const differ = disagreement(about, answer);
  if (differ) return [differ];
  const foreign = exchangers.filter((each) => !here.includes(each));
  const [best = 0] = here.map(({ preference }) => preference);
  const before = foreign.filter(({ preference }) => preference < best);
  if (before.length > 0) {
    return [
      wrong(about, 'warning', {
        found: shown(answer),
        expected: `${absoluteName(heloName)} with the lowest number`,
        problem: `mail goes to ${before.map(({ host }) => host).join(', ')} first`,
        fix: {
          text: 'give this mail host the lowest preference, if it is to be the first',
          records: firstOfAll(about.subject, exchangers, here, heloName),
        },
      }),
    ];
  }
  if (foreign.length > 0) {
    return [
      note(
        about,
        shown(answer),
        `${foreign.map(({ host }) => host).join(', ')} takes mail too: spam comes in there if it filters less`,
      ),
    ];
  }
  const other = here.filter(({ host }) => !sameName(host, heloName));
  if (other.length > 0) {
    return [
      note(about, shown(answer), `${other.map(({ host }) => host).join(', ')} is this host by another name than its HELO name`),
    ];
  }
  return [ok(about, shown(answer))];
}

/** The MX records with this host before all others; those are put off where there is no lower number. */
function firstOfAll(domain: string, all: readonly Exchanger[], here: readonly Exchanger[], heloName: string): string[] {
  const foreign = all.filter((each) => !here.includes(each));
  const lowest = Math.min(...foreign.map(({ preference }) => preference));
  const line = (preference: number, host: string) => zoneLine(domain, 'MX', `${preference} ${absoluteName(host)}`);
  const more = lowest > 0 ? 0 : 10;
  return [line(Math.max(0, lowest - 1), heloName), ...foreign.map(({ preference, host }) => line(preference + more, host))];
}

/** One target: no address, no alias, no name without addresses. The HELO name itself has findings of its own. */
function checkTarget(domain: string, host: string, heloName: string, known: Known): Finding[] {
  if (sameName(host, heloName)) return [];
  const about: About = { check: 'mx-target', group: 'domains', subject: domain, title: `MX target ${host}` };
  const records = [zoneLine(domain, 'MX', `10 ${absoluteName(heloName)}`)];
  const bad = (found: string, problem: string) =>
    wrong(about, 'critical', {
      found,
      expected: 'a name with addresses of its own',
      problem,
      fix: { text: 'name the mail host by its HELO name, or take this MX away', records },
    });
  if (isIP(host) !== 0) return [bad(host, 'an MX holds a name, never an address: most senders give up on it (RFC 5321 5.1)')];
  const answers = [known.answer(host, 'A'), known.answer(host, 'AAAA')];
  const [ipv4] = answers;
  const aliases = answers.flatMap((each) => each.aliases);
  if (aliases.length > 0) {
    return [
      bad(
        `alias (CNAME) to ${normalizeName(aliases[0] ?? '')}`,
        'an MX must not point to an alias (RFC 2181 10.3): some senders refuse it',
      ),
    ];
  }
  const addresses = answers.flatMap(({ values }) => values);
  if (addresses.length === 0) {
    if (ipv4 && !isAbsent(ipv4)) return [unanswered(about, ipv4, 'an address')].filter((each) => each !== undefined);
    return [
      bad(
        ipv4 ? shown(ipv4) : 'nothing',
        'the MX points to a name without an address: mail waits at the senders until it bounces',
      ),
    ];
  }
  const unreachable = addresses.filter(isPrivateAddress);
  return unreachable.length > 0 ? [bad(unreachable.join(', '), 'nobody on the internet can reach that address')] : [];
}
