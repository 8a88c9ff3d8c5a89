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
  readonly message: string;
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
    message,
  };
}
