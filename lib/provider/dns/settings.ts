import * as z from 'zod/mini';
import { heloName } from '../../net/helo-name';
import { anyAddress } from '../../net/ip-address';
import { optional, required } from '../../settings/property';
import { distinct, keyed, type Problem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import type { QueryType } from '../../verify/dns';
import { dnsServer } from '../../verify/dns/server';

const types: readonly QueryType[] = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TLSA', 'TXT'];

/** `MX example.com`: how a record is named in settings and in answers. */
const recordKey: Problem = (value) => {
  const [type = '', name = '', ...rest] = value.split(' ');
  if (!(types as readonly string[]).includes(type) || name === '' || rest.length > 0) {
    return `'${value}' names no record: expected type and name, e.g. 'MX example.com'`;
  }
  return undefined;
};

const zoneKey: Problem = (value) =>
  /^[^\s.]+(\.[^\s.]+)*$/.test(value) ? undefined : `'${value}' is not a zone: expected a name, e.g. example.com`;

/** An address of a resolver, maybe with a port. */
const resolver: Problem = (value) => {
  try {
    dnsServer(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Who is asked; also the provider's own configuration. */
export const resolverSettings = z.strictObject({
  resolvers: optional(
    distinct(text(resolver)).check(z.minLength(1)),
    'Resolvers that are asked in addition to the authoritative servers: addresses, maybe with a port. Default: those of MAILSERVER_RESOLVERS (a list with commas), else those of this machine and public ones.',
  ),
});

/** What the world is to see. */
const expected = {
  heloName: optional(text(heloName), 'The HELO name of a mail host. Default: only `records` are looked at.'),
  addresses: optional(
    distinct(text(anyAddress)).check(z.minLength(1)),
    'Addresses that mail is sent from: HELO name and addresses have to name each other, and nothing else. Default: none.',
  ),
  records: optional(
    keyed(z.array(z.string()), recordKey),
    'Further records: type and name to values, e.g. `MX example.com` to `10 mail.example.com.`. An empty list means that there must be no such record.',
  ),
};

export const dnsSettings = z.strictObject({
  ...expected,
  after: optional(
    z.array(z.string()),
    'Values that are unknown until it is time to look, e.g. ids of agreements. Unlike depends_on, it does not put off the look for changes that do not touch DNS. Default: none.',
  ),
  ...resolverSettings.shape,
});

export const agreementSettings = z.strictObject({
  ...expected,
  claims: optional(
    keyed(
      z.strictObject({
        address: required(text(), 'Address of the resource in Terraform, e.g. `aws_route53_record.a`.'),
        id: required(text(), 'Its id, unknown to a plan that is to make the record.'),
      }),
      recordKey,
    ),
    'Records that this stack makes, by type and name, e.g. `A mail.example.com`, to the resource that does: what is there before it is made is named at plan.',
  ),
  required: optional(z.boolean(), 'Without agreement in time the apply fails; else it warns and goes on. Default: true.'),
  ownServersOnly: optional(
    z.boolean(),
    "The own servers of the records' zones are enough: what resolvers remember of the time before is not waited for. Default: false.",
  ),
  keepFormerSeconds: optional(
    whole({ unit: 'seconds', min: 0, max: 86_400 }),
    'After agreement, how long a name is kept that was the HELO name or the target of an MX before and is no more: the time to live of the records, in seconds. Default: 0.',
  ),
  timeoutSeconds: optional(
    whole({ unit: 'seconds', min: 1, max: 86_400 }),
    "How long to wait for agreement, in seconds. Default: 600 for the zones' own servers, then as long as resolvers may remember what was before.",
  ),
  ...resolverSettings.shape,
});

export const delegationSettings = z.strictObject({
  zones: required(keyed(z.array(z.string()), zoneKey), 'Zones to the name servers that hold them.'),
  required: optional(z.boolean(), 'Without a delegation in time the apply fails; else it warns and goes on. Default: true.'),
  waitSeconds: optional(
    whole({ unit: 'seconds', min: 0, max: 86_400 }),
    'How long to wait for the zones above to name these servers, in seconds; 0: look once. Default: 120.',
  ),
  ...resolverSettings.shape,
});

export type DelegationSettings = z.infer<typeof delegationSettings>;
export type DnsSettings = z.infer<typeof dnsSettings>;
export type AgreementSettings = z.infer<typeof agreementSettings>;
