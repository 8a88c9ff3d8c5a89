import * as z from 'zod/mini';
import { mailDomain, matchedDomain, nameProblem, targetHost } from '../../net/domain-name';
import { ipFamily } from '../../net/ip-family';
import { group } from '../../settings/group';
import { optional, required } from '../../settings/property';
import { distinct, list, notEmpty, oneOf, type Problem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';

/** Where a smart host takes mail that is submitted with a login (RFC 6409). */
export const SUBMISSION_PORT = 587;

/** The port with TLS from the first byte (RFC 8314 3.3); all others begin in clear text and switch with STARTTLS. */
export const IMPLICIT_TLS_PORT = 465;

/** Not this host itself: its own mail would come back to it. */
const relayHost: Problem = (value) => {
  if (/^\[.*\]$/.test(value)) return `'${value}' is in brackets: leave them out`;
  const port = /^([^:]+):(\d+)$/.exec(value);
  if (port) return `'${value}' has a port: write host: '${port[1]}', port: ${port[2]}`;
  if (/^(127\.|::1$|0\.0\.0\.0$|::$|localhost$)/i.test(value))
    return `'${value}' is this host itself: name the server that takes its mail`;
  const problem = targetHost(value);
  if (problem !== undefined) return problem;
  return ipFamily(value) !== 0 || value.includes('.')
    ? undefined
    : `'${value}' is not a full name: give that of the certificate, e.g. ${value}.example.com`;
};

/** Postfix separates name and password by the first colon. */
const loginName: Problem = (value) => {
  const empty = notEmpty(value);
  if (empty !== undefined) return empty;
  const other = /[^!-~]|[:']/.exec(value)?.[0];
  return other === undefined
    ? undefined
    : `${JSON.stringify(value)} is not a login: ${JSON.stringify(other)} is not allowed, only printable ASCII is, without blanks, colons and apostrophes`;
};

/** `_spf.example.net`: names of TXT records may have labels with an underscore. */
const spfDomain: Problem = (value) => nameProblem('domain with an SPF record', value, { underscore: true });

/** `s1._domainkey.example.com`: where receivers look for a key (RFC 6376 3.6.2.1). */
const keyRecordName: Problem = (value) =>
  nameProblem('name of a DKIM record', value, { underscore: true }) ??
  (/^[^.].*\._domainkey\../i.test(value)
    ? undefined
    : `'${value}' is not the name of a DKIM record, which is SELECTOR._domainkey.DOMAIN: e.g. s1._domainkey.example.com`);

const NO_DOMAIN =
  'the list is empty: the smart host would get nothing; leave the list out to have it get everything, or name a domain';

const paces = {
  connections: optional(
    whole({ unit: 'connections', min: 1, max: 1000 }),
    'Mails that are delivered to one destination at the same time, each over a connection of its own. Default: 20.',
  ),
  secondsBetweenMails: optional(
    whole({ unit: 'seconds', min: 1, max: 3600 }),
    'Mails to one destination leave one by one with this pause between them, in seconds. Default: no pause.',
  ),
};

/** Postfix delivers one by one where there is a pause. */
function oneByOne(context: z.core.ParsePayload<Pace>): void {
  const { connections, secondsBetweenMails } = context.value;
  if (secondsBetweenMails === undefined || connections === undefined || connections === 1) return;
  const message = `with secondsBetweenMails there is one mail at a time, and connections is ${connections}: leave out one of the two`;
  context.issues.push({ code: 'custom', message, input: context.value });
}

/** How fast a smart host gets mail. */
export const pace = group(paces).check(oneByOne);

const warmUp = group({
  days: required(whole({ unit: 'days', min: 1, max: 60 }), 'How long the slow start takes, in days.'),
});

/** How fast mail leaves for each destination. */
export const outgoingPace = group({
  ...paces,
  warmUp: optional(
    warmUp,
    'Slow start of an address that receivers do not know yet: mails to one domain leave one by one, on the first day with 300 seconds between them, from day to day with fewer; the plan shows the schedule. Only for mail that leaves for the servers of its recipients, not for smart hosts. Begins with the apply that brings it, and again with another address. Default: none.',
  ),
}).check(oneByOne);

export type WarmUp = z.infer<typeof warmUp>;

export type Pace = { readonly connections?: number | undefined; readonly secondsBetweenMails?: number | undefined };

/** Name and password, of which the second is never stored. */
export const relayLogin = group({
  user: required(text(loginName), 'The name.'),
  password: required(
    text(),
    'The password, from a variable or another token, never as text in the program: it goes to the host and is stored neither in the plan nor in the state.',
    { sensitive: true, writeOnly: true },
  ),
  passwordVersion: optional(
    whole({ unit: '', min: 1, max: 1_000_000 }),
    'Raise it to have a changed password set on the host: what it was cannot be compared. Default: 1.',
  ),
});

/** A server of somebody else that takes this host's mail and delivers it. */
const relay = group({
  host: required(
    text(relayHost),
    'Name of the smart host, as its certificate has it; or an address, with another `tls` than verify.',
  ),
  port: optional(
    whole({ unit: '', min: 1, max: 65_535 }),
    'Its port. 465 has TLS from the start, all others STARTTLS. Default: 587.',
  ),
  tls: optional(
    oneOf(['verify', 'encrypt', 'may', 'none']),
    '`verify`: with a certificate for `host` by an authority that Debian trusts. `encrypt`: with any certificate. `may`: in clear text where there is no TLS. `none`: in clear text. A login needs one of the first two. Default: verify.',
  ),
  login: optional(relayLogin, 'How this host logs in. Default: without a login.'),
  senders: optional(
    distinct(text(mailDomain)).check(z.minLength(1, { error: () => NO_DOMAIN })),
    'Only mail whose envelope sender is in one of these domains; subdomains are domains of their own. Default: mail of all senders.',
  ),
  recipients: optional(
    distinct(text(matchedDomain)).check(z.minLength(1, { error: () => NO_DOMAIN })),
    'Only mail to these domains; `.example.com` stands for all subdomains. Default: mail to all others.',
  ),
  pace: optional(pace, 'How fast it gets mail. Default: `outgoingPace`, else 20 connections without a pause.'),
  spf: optional(
    text(spfDomain),
    'Domain whose SPF record names the addresses that the smart host sends from, e.g. spf.provider.example: `MailServer` includes it in the SPF record of the mail domains. Default: none.',
  ),
  dkim: optional(
    distinct(text(keyRecordName)),
    'Names of the DKIM records that receivers verify its signatures with, e.g. s1._domainkey.example.com: `mailserver verify` looks them up. The records are yours to set, as its operator says. Default: not known.',
  ),
});

export const relays = list(relay);

export type Relay = z.infer<typeof relay>;
