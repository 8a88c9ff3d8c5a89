import type { TLSSocket } from 'node:tls';
import { type DialogueOptions, SmtpDialogue, type SmtpReply } from './dialogue';
import { weakTls } from './weak-tls';

/** Ports of a mail server: 25 for other servers, 587 and 465 for its own users. */
export const smtpPorts = [25, 587, 465] as const;
export type SmtpPort = (typeof smtpPorts)[number];

/** What one port of one address was heard to say. Plain data. */
export interface SmtpPicture {
  readonly address: string;
  readonly port: SmtpPort;
  /** The first reply. */
  readonly banner?: string;
  /** The first line of the reply to EHLO. */
  readonly ehlo?: string;
  /** Extensions before TLS; absent on a port that begins with it. */
  readonly plain?: readonly string[];
  /** Extensions inside TLS. */
  readonly secure?: readonly string[];
  readonly tls?: TlsPicture;
  /** Why TLS did not come about. */
  readonly tlsProblem?: string;
  /** TLS that is taken although it protects no password, e.g. `TLSv1.1 ECDHE-RSA-AES256-SHA`; on 587 and 465 only. */
  readonly weakTls?: readonly string[];
  /** Attempts to have mail relayed to others. */
  readonly relay: readonly RelayAttempt[];
  /** Attempts to have mail taken for a subdomain of its domains that nobody has; on port 25 only. */
  readonly subdomains: readonly RelayAttempt[];
  /** Attempts to have mail taken for recipients that nobody has; on port 25 only. */
  readonly unknown: readonly RelayAttempt[];
  /** What the server says to mail for the postmaster of each domain; on port 25 only. */
  readonly postmasters: readonly RelayAttempt[];
  /** Why the dialogue ended early. */
  readonly problem?: string;
  readonly milliseconds: number;
}

export interface TlsPicture {
  readonly protocol: string;
  /** Names that the certificate is for. */
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly issuer: string;
  /** Signed by itself. */
  readonly selfSigned: boolean;
  /** Why clients that check it would not trust it; absent when they would. */
  readonly untrusted?: string;
}

/** One recipient that must be refused. */
export interface RelayAttempt {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly code: number;
  readonly text: string;
}

export interface ProbeOptions {
  readonly heloName: string;
  readonly domains: readonly string[];
  /** Of those, those whose subdomains it takes mail for, too. Default: none. */
  readonly withSubdomains?: readonly string[];
  /** Of those, those of which it knows every recipient. Default: none. */
  readonly withKnownRecipients?: readonly string[];
  /** For each reply, in milliseconds. Default: 5000. */
  readonly timeoutMilliseconds?: number;
  /** An address elsewhere that nobody may send to through here; no mail is ever sent to it. */
  readonly relayRecipient?: string;
  /** Other ports than the usual ones, for tests: `{ 25: 2525 }`. */
  readonly portMap?: Readonly<Partial<Record<SmtpPort, number>>>;
  /** The name that the probe announces. Default: `[127.0.0.1]`, so that no name is claimed. */
  readonly ehloName?: string;
}

/** Talks to one port, far enough to see what it offers and refuses, and never so far that mail is sent. Never rejects. */
export async function probeSmtp(address: string, port: SmtpPort, options: ProbeOptions): Promise<SmtpPicture> {
  const begin = performance.now();
  const picture: { -readonly [K in keyof SmtpPicture]?: SmtpPicture[K] } = { address, port };
  let dialogue: SmtpDialogue | undefined;
  try {
    const where: DialogueOptions = {
      address,
      port: options.portMap?.[port] ?? port,
      serverName: options.heloName,
      timeoutMilliseconds: options.timeoutMilliseconds ?? 5000,
    };
    dialogue = await SmtpDialogue.open(where, port === 465);
    await converse(dialogue, picture, port, options);
    if (port !== 25 && picture.tls) picture.weakTls = await weakTls(where, port === 465);
  } catch (error) {
    picture.problem = error instanceof Error ? error.message : String(error);
  } finally {
    await dialogue?.close();
  }
  const milliseconds = Math.round(performance.now() - begin);
  const { relay = [], subdomains = [], unknown = [], postmasters = [] } = picture;
  return { ...picture, address, port, relay, subdomains, unknown, postmasters, milliseconds };
}

async function converse(
  dialogue: SmtpDialogue,
  picture: { -readonly [K in keyof SmtpPicture]?: SmtpPicture[K] },
  port: SmtpPort,
  options: ProbeOptions,
): Promise<void> {
  const banner = await dialogue.reply();
  picture.banner = text(banner);
  if (banner.code !== 220) throw new Error(`the banner is a refusal: ${text(banner)}`);
  const hello = `EHLO ${options.ehloName ?? '[127.0.0.1]'}`;
  const first = await dialogue.command(hello);
  picture.ehlo = first.lines[0] ?? '';
  if (port === 465) {
    picture.secure = extensions(first);
    if (dialogue.tls) picture.tls = tlsPicture(dialogue.tls);
  } else {
    picture.plain = extensions(first);
    if (offers(picture.plain, 'STARTTLS')) {
      const go = await dialogue.command('STARTTLS');
      if (go.code === 220) await goSecure(dialogue, picture, hello);
      else picture.tlsProblem = text(go);
    }
  }
  picture.relay = await tryRecipients(dialogue, relayAttempts(options));
  if (port !== 25) return;
  picture.subdomains = await tryRecipients(dialogue, subdomainAttempts(options));
  picture.unknown = await tryRecipients(dialogue, unknownRecipients(options));
  picture.postmasters = await tryRecipients(dialogue, postmasters(options));
}

async function goSecure(
  dialogue: SmtpDialogue,
  picture: { -readonly [K in keyof SmtpPicture]?: SmtpPicture[K] },
  hello: string,
): Promise<void> {
  try {
    await dialogue.startTls();
  } catch (error) {
    picture.tlsProblem = error instanceof Error ? error.message : String(error);
    throw new Error(`TLS failed: ${picture.tlsProblem}`);
  }
  if (dialogue.tls) picture.tls = tlsPicture(dialogue.tls);
  picture.secure = extensions(await dialogue.command(hello));
}

type Recipient = Pick<RelayAttempt, 'title' | 'from' | 'to'>;

/** Recipients elsewhere, in the ways that relays were tricked. */
function relayAttempts({ heloName, domains, relayRecipient = 'relay-test@iana.org' }: ProbeOptions): Recipient[] {
  const own = domains[0] ?? heloName;
  return [
    { title: 'from a stranger', from: 'relay-test@iana.org', to: relayRecipient },
    { title: 'from one of its own domains', from: `postmaster@${own}`, to: relayRecipient },
    { title: 'without a sender', from: '', to: relayRecipient },
    { title: 'hidden in the local part', from: 'relay-test@iana.org', to: `${relayRecipient.replace('@', '%')}@${heloName}` },
  ];
}

/** Domains of which a subdomain is tried: each refusal is an error, and servers hang up after some. */
const mostSubdomains = 3;

/** A name that no domain has: whoever takes mail for it takes it for every subdomain, and has to send it on. */
function subdomainAttempts({ domains, withSubdomains = [] }: ProbeOptions): Recipient[] {
  return domains
    .filter((domain) => !withSubdomains.includes(domain))
    .slice(0, mostSubdomains)
    .map((domain) => ({ title: domain, from: 'relay-test@iana.org', to: `relay-test@no-such-host.${domain}` }));
}

/** Domains of which unknown recipients are tried: each refusal is an error, see above. */
const mostKnown = 2;

/**
 * Recipients that nobody has: a name of the host, with and without an extension, and an account of every Unix that reads no mail; and
 * names in domains of which all recipients are known.
 */
function unknownRecipients({ heloName, withKnownRecipients = [] }: ProbeOptions): Recipient[] {
  const nobody = `no-such-user-${Math.random().toString(36).slice(2, 10)}`;
  const known = [heloName, ...withKnownRecipients.slice(0, mostKnown)];
  const addresses = known.flatMap((domain) => [`${nobody}@${domain}`, `${nobody}+tag@${domain}`]);
  return [...addresses, `sys@${heloName}`].map((to) => ({ title: to, from: 'relay-test@iana.org', to }));
}

/** Domains whose postmaster is asked for: a dialogue with thousands of recipients would look like an attack. */
const mostPostmasters = 10;

/** Recipients that every mail server has to have (RFC 5321 4.5.1). */
function postmasters({ heloName, domains }: ProbeOptions): Recipient[] {
  return [heloName, ...domains.slice(0, mostPostmasters)].map((domain) => ({
    title: domain,
    from: '',
    to: `postmaster@${domain}`,
  }));
}

/** No attempt goes beyond RCPT. */
async function tryRecipients(dialogue: SmtpDialogue, recipients: readonly Recipient[]): Promise<RelayAttempt[]> {
  const results: RelayAttempt[] = [];
  for (const recipient of recipients) {
    const sender = await dialogue.command(`MAIL FROM:<${recipient.from}>`);
    const reply = sender.code === 250 ? await dialogue.command(`RCPT TO:<${recipient.to}>`) : sender;
    results.push({ ...recipient, code: reply.code, text: text(reply) });
    if (reply.code === 421) break;
    await dialogue.command('RSET');
  }
  return results;
}

const text = ({ code, lines }: SmtpReply) => `${code || ''} ${lines.join(' ')}`.trim();

const extensions = ({ code, lines }: SmtpReply) => (code === 250 ? lines.slice(1).map((line) => line.trim().toUpperCase()) : []);

/** Whether an extension is among those that EHLO told; `AUTH=LOGIN` is an old way to say `AUTH LOGIN`. */
export function offers(found: readonly string[] | undefined, keyword: string): boolean {
  return found?.some((line) => line.split(/[ =]/)[0] === keyword) ?? false;
}

function tlsPicture(socket: TLSSocket): TlsPicture {
  const certificate = socket.getPeerCertificate();
  const alternative = certificate.subjectaltname?.match(/DNS:[^,]+/g)?.map((name) => name.slice(4)) ?? [];
  const common = [certificate.subject?.CN ?? []].flat();
  const one = (value: string | string[] | undefined) => [value ?? ''].flat().join(', ');
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    names: alternative.length > 0 ? alternative : common,
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    issuer: one(certificate.issuer?.O) || one(certificate.issuer?.CN) || 'unknown',
    selfSigned:
      /SELF_SIGNED/.test(String(socket.authorizationError ?? '')) && one(certificate.issuer?.CN) === one(certificate.subject?.CN),
    ...(!socket.authorized && { untrusted: String(socket.authorizationError) }),
  };
}
