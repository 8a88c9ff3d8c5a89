/** A mail as it arrived at somebody else's server. */
export interface ReceivedMail {
  /** Envelope sender and recipient. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** What the client said at HELO or EHLO. */
  readonly helo: string;
  /** Name of the client as the server found and verified it: PTR whose A record is the client; else `unknown`. */
  readonly clientName: string;
  readonly clientAddress: string;
  /** `SMTP`, `ESMTP`, `ESMTPS`, ... */
  readonly protocol: string;
  /** What the strict receiver found about SPF: `Pass`, `None`, ... (RFC 7208, 9.1); empty at the other one. */
  readonly spf: string;
  readonly message: string;
}

/** A mail that a server would not take. */
export interface Refusal {
  readonly clientName: string;
  readonly clientAddress: string;
  readonly helo: string;
  readonly from: string;
  readonly to: string;
  /** Reply code; 4xx asks the client to come again. */
  readonly code: number;
  readonly text: string;
}

/**
 * Reads a mail that Postfix has delivered: its first Received header is by the receiving server itself.
 * @throws when there is no such header.
 */
export function readReceived(message: string): ReceivedMail {
  const head = (message.split(/\r?\n\r?\n/, 1)[0] ?? '').replace(/\r?\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const trace = header('Received');
  const [, helo, clientName, clientAddress] = /^from (\S+) \((\S+) \[(?:IPv6:)?([0-9a-fA-F.:]+)\]\)/.exec(trace) ?? [];
  if (!helo || !clientName || !clientAddress)
    throw new Error(`no Received header of a Postfix at the top of this mail: "${trace}"`);
  return {
    from: header('Return-Path').replace(/^<|>$/g, ''),
    to: header('X-Original-To'),
    subject: header('Subject'),
    helo,
    clientName,
    clientAddress,
    protocol: / by \S+ \([^)]*\) with (\S+)/.exec(trace)?.[1] ?? '',
    spf: header('Received-SPF').split(/[\s(]/, 1)[0] ?? '',
    message,
  };
}

/** Reads the refusals out of the log of Postfix' server. */
export function readRefusals(log: string): Refusal[] {
  const line =
    /NOQUEUE: reject: RCPT from (\S+)\[([0-9a-fA-F.:]+)\]: (\d{3}) (?:\d\.\d+\.\d+ )?(.*); from=<(.*?)> to=<(.*?)> proto=\S+ helo=<(.*?)>/;
  return log.split('\n').flatMap((entry) => {
    const [, clientName = '', clientAddress = '', code = '', text = '', from = '', to = '', helo = ''] = line.exec(entry) ?? [];
    return code ? [{ clientName, clientAddress, helo, from, to, code: Number(code), text }] : [];
  });
}
