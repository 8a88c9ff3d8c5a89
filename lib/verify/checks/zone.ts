import { normalizeName } from '../../dns';
import { canonicalIpv6, isKnown, said } from '../dns';
import { type About, type Finding, note, ok, type State, wrong } from '../finding';
import { answerOf, type Glue, type ZonePicture, type ZoneServer } from '../picture';
import { shown, signatureFix } from './common';

/**
 * A zone and its name servers: the delegation (RFC 1034 4.2.2), lame servers (RFC 1912 2.8), serials, DNSSEC.
 *
 * @param foreign A zone of somebody else, such as the provider's reverse zone: what is wrong there is reported, but not as ours.
 */
export function checkZone(zone: ZonePicture, { foreign = false }: { foreign?: boolean } = {}): Finding[] {
  const name = zone.zone === '.' ? 'the root' : zone.zone;
  const about = (check: string, title: string): About => ({ check, group: 'zones', subject: zone.zone, title });
  const bad: 'critical' | 'warning' = foreign ? 'warning' : 'critical';
  if (zone.servers.length === 0) {
    return [
      wrong(about('ns', `Name servers of ${name}`), 'unknown', {
        found: 'none that answers',
        expected: 'at least two name servers',
        problem: 'the walk from the root to the zone found no server that answers',
        fix: { text: 'see that port 53 (UDP and TCP) is open from here; the resolvers alone were asked' },
      }),
    ];
  }
  const findings = [
    checkServers(about('ns', `Name servers of ${name}`), zone, bad),
    checkDelegation(about('delegation', `Delegation of ${name}`), zone),
    checkGlue(about('glue', `Glue of ${name}`), zone),
    checkSerial(about('soa', `SOA of ${name}`), zone),
    checkSigning(about('dnssec', `DNSSEC of ${name}`), zone, bad),
  ].filter((finding) => finding !== undefined);
  // Of a zone that belongs to somebody else only what is wrong is of interest.
  return foreign ? findings.filter(({ state }) => state !== 'ok' && state !== 'note') : findings;
}

const reachable = ({ outcome }: ZoneServer) => outcome !== 'noroute';
const answersWell = ({ outcome, authoritative }: ZoneServer) => outcome === 'answer' && authoritative;
const label = ({ name, server }: ZoneServer) => (server === undefined ? name : `${name} (${server})`);
const names = (servers: readonly ZoneServer[]) => [...new Set(servers.map(({ name }) => name))];

function checkServers(about: About, { servers }: ZonePicture, bad: State & ('critical' | 'warning')): Finding {
  const asked = servers.filter(reachable);
  const broken = asked.filter((server) => !answersWell(server));
  const found = names(servers).join(', ');
  if (asked.length === 0) {
    return wrong(about, 'unknown', {
      found,
      expected: 'answers',
      problem: 'this machine has no way to any of the name servers',
      fix: { text: 'look from a machine with IPv4' },
    });
  }
  if (broken.length > 0) {
    const all = broken.length === asked.length;
    return wrong(about, all ? bad : 'warning', {
      found: broken.map((server) => `${label(server)}: ${fault(server)}`).join('; '),
      expected: 'an authoritative answer of each server',
      problem: all
        ? 'no name server answers for the zone: everything in it is gone for the world'
        : `${broken.length} of ${asked.length} name servers do not answer for the zone (lame delegation): look-ups are slow, or fail`,
      fix: {
        text: `make the zone answer there, or take ${names(broken).join(', ')} out of the NS records here and at the registrar`,
      },
    });
  }
  if (names(servers).length === 1) {
    return note(about, found, 'the zone has a single name server; RFC 1034 asks for two');
  }
  return ok(about, found);
}

function fault(server: ZoneServer): string {
  if (server.server === undefined) return 'the name has no address';
  if (server.outcome === 'answer') return 'answers, but not as one of the zone’s own (no AA)';
  if (server.outcome === 'nodata' || server.outcome === 'nxdomain') return 'knows no SOA of the zone';
  return said({ outcome: server.outcome, values: [], problem: server.problem });
}

/** What the zone above says, and what the zone says itself. */
function checkDelegation(about: About, { zone, delegated, servers }: ZonePicture): Finding | undefined {
  const own = [...new Set(servers.filter(answersWell).flatMap((server) => server.names.map(normalizeName)))].sort();
  if (delegated === undefined || own.length === 0) return undefined;
  const above = delegated.map(normalizeName).sort();
  const missing = own.filter((name) => !above.includes(name));
  const extra = above.filter((name) => !own.includes(name));
  if (missing.length === 0 && extra.length === 0) return ok(about, above.join(', '));
  const parts = [
    extra.length > 0 && `the zone itself does not know ${extra.join(', ')}`,
    missing.length > 0 && `the zone above does not know ${missing.join(', ')}`,
  ].filter(Boolean);
  return wrong(about, 'warning', {
    found: `zone above: ${above.join(', ')}`,
    expected: `zone itself: ${own.join(', ')}`,
    problem: parts.join(', and '),
    fix: { text: `enter the same name servers at the registrar of ${zone} as in the zone's NS records` },
  });
}

/** Resolvers begin at these addresses: one that is wrong costs them time, and all of them the zone. */
function checkGlue(about: About, { zone, glue = [] }: ZonePicture): Finding | undefined {
  const told = glue.filter(({ own }) => own.length > 0);
  if (told.length === 0) return undefined;
  const line = (addresses: (each: Glue) => readonly string[], of: readonly Glue[]) =>
    of.map((each) => `${each.name} ${addresses(each).map(canonicalIpv6).sort().join(', ')}`).join('; ');
  const wrongOnes = told.filter(({ above, own }) => {
    const right = new Set(own.map(canonicalIpv6));
    return above.some((address) => !right.has(canonicalIpv6(address)));
  });
  if (wrongOnes.length === 0)
    return ok(
      about,
      line(({ above }) => above, told),
    );
  return wrong(about, 'warning', {
    found: `zone above: ${line(({ above }) => above, wrongOnes)}`,
    expected: `zone itself: ${line(({ own }) => own, wrongOnes)}`,
    problem: 'the zone above leads to other addresses of its name servers than they have: look-ups are slow, or fail',
    fix: { text: `enter the addresses at the registrar of ${zone}, where they are called glue, child hosts or host records` },
  });
}

function checkSerial(about: About, { servers }: ZonePicture): Finding | undefined {
  const told = servers.filter(({ serial }) => serial !== undefined);
  const serials = [...new Set(told.map(({ serial }) => serial))];
  if (serials.length === 0) return undefined;
  if (serials.length === 1) return ok(about, `serial ${serials[0]}`);
  const newest = Math.max(...serials.map(Number));
  const late = told.filter(({ serial }) => serial !== newest);
  return wrong(about, 'warning', {
    found: told.map((server) => `${label(server)}: ${server.serial}`).join('; '),
    expected: `serial ${newest} everywhere`,
    problem: `${names(late).join(', ')} has another version of the zone`,
    fix: { text: 'wait for the zone transfer, or see why it fails (NOTIFY, AXFR); look again' },
  });
}

function checkSigning(about: About, { ds, keys }: ZonePicture, bad: 'critical' | 'warning'): Finding | undefined {
  const above = answerOf(ds);
  const own = answerOf(keys);
  const views = [...ds.views, ...keys.views];
  const signaturesWrong = views.find(({ bogus }) => bogus);
  if (signaturesWrong) {
    return wrong(about, bad, {
      found: `resolver ${signaturesWrong.server} refuses the zone`,
      expected: 'valid signatures',
      problem: 'resolvers that check signatures cannot resolve anything in the zone: much of the world takes and sends no mail',
      fix: signatureFix,
    });
  }
  const isSigned = above.outcome === 'answer';
  if (!views.some(({ outcome }) => isKnown(outcome))) return undefined;
  if (!isSigned) {
    return own.outcome === 'answer'
      ? note(about, 'signed, without DS', 'nobody checks the signatures: the zone above has no DS record')
      : note(about, 'not signed', 'allowed; DANE needs it');
  }
  if (own.outcome === 'nodata' || own.outcome === 'nxdomain') {
    return wrong(about, bad, {
      found: `DS: ${shown(above)}; DNSKEY: ${shown(own)}`,
      expected: 'keys that belong to the DS record',
      problem: 'the zone above says that the zone is signed, and it is not',
      fix: signatureFix,
    });
  }
  const checked = views.find(({ authenticated }) => authenticated);
  return checked
    ? ok(about, `signed, and checked by resolver ${checked.server}`)
    : note(about, 'signed', 'no resolver that was asked checks signatures, so they were not checked here either');
}
