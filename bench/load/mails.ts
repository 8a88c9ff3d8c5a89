import { gzipSync } from 'node:zlib';
import { prose } from './prose';

/** What follows the fields that differ from sending to sending; lines end in a bare newline, as `smtp-source -F` takes it. */
export interface SampleMail {
  readonly name: string;
  readonly text: string;
}

/** A mail that is to be sent. */
export interface Sending {
  /** Part of its Message-ID. */
  readonly id: string;
  readonly body: string;
  readonly from: string;
  readonly to: string;
  /** Not before so many seconds after the begin. */
  readonly after: number;
}

/** Domains of the senders; each has MX and SPF in the lab. */
export const senderDomains = ['sender.test', 'partner.test', 'shop.test', 'agency.test'] as const;

/** Unix users with a mailbox. */
export const mailboxes = ['anna', 'ben', 'clara'] as const;

/** Numbers that look random and are the same in every run (Lehmer, modulus 2^31 - 1). */
type Random = (below: number) => number;

function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 0x7fffffff;
    return state % below;
  };
}

/** Of twenty mails nine are a few lines, five longer, four also have an HTML part, one a text file and one a picture attached. */
const KINDS: readonly ((random: Random) => string[])[] = [
  ...Array.from({ length: 9 }, () => (random: Random) => plain(random, 2 + random(4))),
  ...Array.from({ length: 5 }, () => (random: Random) => plain(random, 10 + random(10))),
  ...Array.from({ length: 4 }, () => newsletter),
  table,
  picture,
];

/** Twenty different mails. */
export function sampleMails(): SampleMail[] {
  return KINDS.map((kind, index) => {
    const random = generator(4711 + index);
    for (let warmUp = 0; warmUp < 10; warmUp += 1) random(2);
    const head = [`Subject: ${sentence(random).split(' ').slice(0, 6).join(' ')}`, 'MIME-Version: 1.0'];
    return { name: `${String(index).padStart(2, '0')}.eml`, text: [...head, ...kind(random), ''].join('\n') };
  });
}

/**
 * So many mails, each kind as often as the next, from and to everybody in turn.
 * @param host Name of the host, which the mailboxes are at.
 * @param rate How many become due in a second. Default: all at once.
 */
export function sendings(prefix: string, count: number, host: string, rate?: number): Sending[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${prefix}.${index}`,
    // Seven has no divisor in common with twenty: the kinds are mixed.
    body: `${String((index * 7) % KINDS.length).padStart(2, '0')}.eml`,
    from: `post@${senderDomains[index % senderDomains.length]}`,
    to: `${mailboxes[index % mailboxes.length]}@${host}`,
    after: rate === undefined ? 0 : index / rate,
  }));
}

function plain(random: Random, paragraphs: number): string[] {
  return ['Content-Type: text/plain; charset=us-ascii', '', ...text(random, paragraphs), 'Kind regards,', 'Alice Example'];
}

function newsletter(random: Random): string[] {
  const lines = text(random, 14);
  const link = () => `https://www.${senderDomains[random(senderDomains.length)]}/article/${random(100_000)}`;
  const html = lines.map((line) =>
    line === ''
      ? `</p><p style="margin:0 0 1em 0;font-family:sans-serif;font-size:14px"><a href="${link()}">Read more</a></p><p>`
      : `<span style="color:#333333">${line}</span>`,
  );
  return multipart('alternative', [
    ['Content-Type: text/plain; charset=utf-8', '', ...lines],
    [
      'Content-Type: text/html; charset=utf-8',
      '',
      '<html><head><title>News</title></head><body><p>',
      ...html,
      '</p></body></html>',
    ],
  ]);
}

/** Figures in a compressed file, which amavis unpacks. */
function table(random: Random): string[] {
  const rows = Array.from({ length: 8000 }, (_, row) => `${row};${random(100_000)};${random(1000) / 10};${sentence(random)}`);
  return withFile(random, 'application/gzip', 'figures.csv.gz', gzipSync(rows.join('\n')));
}

function picture(random: Random): string[] {
  const noise = Buffer.from(Array.from({ length: 90_000 }, () => random(256)));
  return withFile(random, 'image/jpeg', 'photo.jpg', Buffer.concat([Buffer.from('ffd8ffe000104a46494600010101', 'hex'), noise]));
}

function withFile(random: Random, type: string, name: string, content: Buffer): string[] {
  return multipart('mixed', [
    plain(random, 3),
    [
      `Content-Type: ${type}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      ...(content.toString('base64').match(/.{1,76}/g) ?? []),
    ],
  ]);
}

function multipart(kind: string, parts: readonly string[][]): string[] {
  const boundary = 'part-of-a-sample-mail';
  return [
    `Content-Type: multipart/${kind}; boundary="${boundary}"`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
}

/** Sentences of the prose in lines as people write them, with an empty one after each paragraph. */
function text(random: Random, paragraphs: number): string[] {
  return Array.from({ length: paragraphs }, () => [...Array.from({ length: 3 }, () => sentence(random)), '']).flat();
}

function sentence(random: Random): string {
  return prose[random(prose.length)] ?? '';
}
