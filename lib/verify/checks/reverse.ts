import { absoluteName, normalizeName, reverseName, sameName } from '../../dns';
import { canonicalIpv6 } from '../dns';
import { type About, type Finding, type Fix, ok, wrong } from '../finding';
import type { Answer, Known } from '../picture';
import { disagreement, isAbsent, lacksFinalDot, shown, unanswered, zoneLine } from './common';

/** PTR of each address: exactly one name, exactly the HELO name (R31); and the way back to the address (FCrDNS, RFC 8601 3). */
export function checkReverse(heloName: string, addresses: readonly string[], known: Known): Finding[] {
  return addresses.flatMap((address) => {
    const pointer = known.answer(reverseName(address), 'PTR');
    return [checkPointer(heloName, address, pointer), ...checkForwardConfirmed(address, pointer, known)];
  });
}

function checkPointer(heloName: string, address: string, pointer: Answer): Finding {
  const about: About = { check: 'ptr', group: 'names', subject: address, title: `PTR of ${address}` };
  const expected = absoluteName(heloName);
  const open = unanswered(about, pointer, expected);
  if (open) return open;
  const fix = pointerFix(heloName, address, pointer.values);
  const bad = (problem: string) => wrong(about, 'critical', { found: shown(pointer), expected, problem, fix });
  if (isAbsent(pointer) || pointer.outcome === 'alias') {
    const ipv6 = address.includes(':') ? '; without one Gmail and others take no mail over IPv6' : '';
    return bad(`the address has no reverse name: many receivers refuse its mail${ipv6}`);
  }
  if (pointer.values.length > 1) {
    const mine = pointer.values.some((value) => sameName(value, heloName));
    return bad(
      mine
        ? `the address has ${pointer.values.length} reverse names: which one a receiver sees is a matter of chance`
        : `the address has ${pointer.values.length} reverse names, and none is the HELO name`,
    );
  }
  const [name = ''] = pointer.values;
  if (sameName(name, heloName)) return disagreement(about, pointer) ?? ok(about, name);
  if (lacksFinalDot(name, heloName)) return bad('the record lacks its final dot, so the name of its zone was appended');
  if (isGeneric(name, address)) return bad('it is the generic name of the provider, which receivers take for a dial-up host');
  return bad('the reverse name is not exactly the HELO name: big receivers refuse or distrust the mail');
}

/** A name made of the address, as providers give it. */
function isGeneric(name: string, address: string): boolean {
  if (address.includes(':')) return false;
  const octets = address.split('.');
  const numbers = name.match(/\d+/g)?.map(Number) ?? [];
  return octets.map(Number).every((octet) => numbers.includes(octet)) && numbers.length >= octets.length;
}

function pointerFix(heloName: string, address: string, found: readonly string[]): Fix {
  const records = [zoneLine(reverseName(address), 'PTR', absoluteName(heloName))];
  const elsewhere = 'set it where the address comes from (the provider’s console, or its support), to this and nothing else';
  if (address.includes(':')) return { text: elsewhere, records };
  const atAws = found.some((name) => /\.amazonaws\.com\.?$/i.test(name));
  const allocation = `aws ec2 describe-addresses --public-ips ${address} --query 'Addresses[0].AllocationId' --output text`;
  return {
    text: atAws
      ? 'set the reverse name of the Elastic IP; the A record has to be there first'
      : `${elsewhere}; an Elastic IP of AWS by the command, once the A record is there`,
    records,
    command: `aws ec2 modify-address-attribute --allocation-id "$(${allocation})" --domain-name ${normalizeName(heloName)}`,
  };
}

function checkForwardConfirmed(address: string, pointer: Answer, known: Known): Finding[] {
  const type = address.includes(':') ? 'AAAA' : 'A';
  return pointer.values.map((value) => {
    const name = normalizeName(value);
    const about: About = { check: 'fcrdns', group: 'names', subject: address, title: `FCrDNS of ${address}` };
    const forward = known.answer(name, type);
    if (forward.values.some((each) => canonicalIpv6(each) === canonicalIpv6(address)))
      return ok(about, `${name} → ${shown(forward)}`);
    return (
      unanswered(about, forward, address) ??
      wrong(about, 'critical', {
        found: `${type} of ${name}: ${shown(forward)}`,
        expected: address,
        problem: 'the reverse name does not lead back to the address (FCrDNS): to receivers it is as good as none',
        fix: {
          text: 'let the name have this address, or let the PTR be the HELO name',
          records: [zoneLine(name, type, address)],
        },
      })
    );
  });
}
