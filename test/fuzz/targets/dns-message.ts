import * as packet from 'dns-packet';
import fc from 'fast-check';
import { decodeReply } from '../../../lib/verify/dns/message';
import { target } from '../target';
import { domainName, madeOf } from '../texts';

const question = { name: 'mail.example.com', type: 'A' } as const;
const id = 0x1234;

const name = fc.oneof(fc.constant(question.name), domainName);
const record = fc.oneof(
  fc.record({ type: fc.constant('A'), name, ttl: fc.nat(), data: fc.ipV4() }),
  fc.record({ type: fc.constant('AAAA'), name, ttl: fc.nat(), data: fc.ipV6() }),
  fc.record({ type: fc.constantFrom('CNAME', 'NS', 'PTR', 'DNAME'), name, ttl: fc.nat(), data: name }),
  fc.record({ type: fc.constant('MX'), name, ttl: fc.nat(), data: fc.record({ preference: fc.nat(65535), exchange: name }) }),
  fc.record({ type: fc.constant('TXT'), name, ttl: fc.nat(), data: fc.array(fc.string({ maxLength: 60 }), { maxLength: 3 }) }),
);

/** A well-formed answer. */
const whole = fc
  .record({ flags: fc.nat(0xffff), answers: fc.array(record, { maxLength: 8 }), authorities: fc.array(record, { maxLength: 3 }) })
  .map(({ flags, answers, authorities }) =>
    packet.encode({
      type: 'response',
      id,
      flags: flags & 0x7ff0,
      questions: [{ ...question, class: 'IN' }],
      answers: answers as packet.Answer[],
      authorities: authorities as packet.Answer[],
    }),
  );

/** Bytes changed, cut off or put in; pointers of compressed names among them. */
const damaged = fc
  .tuple(
    whole,
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0xc0, 0x3f, 0xff))), { maxLength: 6 }),
    fc.nat(40),
  )
  .map(([bytes, changes, cut]) => {
    const copy = Buffer.from(bytes);
    for (const [at, value] of changes) copy[12 + (at % (copy.length - 12))] = value;
    return copy.subarray(0, Math.max(12, copy.length - (cut > 30 ? cut - 30 : 0)));
  });

const header = (answers: number) => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(0x8180, 2);
  bytes.writeUInt16BE(answers, 6);
  return bytes;
};

/** As many records as fit into a message, each an alias of the next: what takes longest to follow. */
const chain = fc.integer({ min: 2, max: 3500 }).map((count) => {
  const label = (index: number) => Buffer.from(`\x04${index.toString(36).padStart(4, '0')}\0`, 'latin1');
  const records = Array.from({ length: count }, (_, index) => {
    const from = index === 0 ? Buffer.from('\x04mail\x07example\x03com\0', 'latin1') : label(index);
    return Buffer.concat([from, Buffer.from([0, 5, 0, 1, 0, 0, 0, 60, 0, 6]), label(index + 1)]);
  });
  return Buffer.concat([header(count), ...records]).subarray(0, 65_535);
});

/** Long names that many records point to. */
const pointers = fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 5400 })).map(([labels, count]) => {
  const long = Buffer.concat([...Array.from({ length: labels }, () => Buffer.from('\x03abc', 'latin1')), Buffer.from([0])]);
  const first = Buffer.concat([long, Buffer.from([0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 1])]);
  const more = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 2]);
  return Buffer.concat([header(count + 1), first, ...Array.from({ length: count }, () => more)]).subarray(0, 65_535);
});

const noise = madeOf(fc.string()).map((text) => Buffer.concat([header(4), Buffer.from(text, 'latin1')]));

export const dnsMessage = target({
  name: 'dns-message',
  input: fc
    .oneof(
      { weight: 4, arbitrary: whole },
      { weight: 8, arbitrary: damaged },
      { weight: 1, arbitrary: chain },
      { weight: 1, arbitrary: pointers },
      noise,
    )
    .map((bytes) => bytes.toString('hex')),
  check(hex) {
    const bytes = Buffer.from(hex, 'hex');
    let content: ReturnType<typeof decodeReply>;
    try {
      content = decodeReply(bytes, { id, bytes: Buffer.alloc(0) }, question);
    } catch (error) {
      // What is not a DNS message is refused, and not by running out of something.
      if (error instanceof Error && /call stack|memory|invalid string length|array length/i.test(error.message)) throw error;
      return;
    }
    if (!content) return;
    if (JSON.stringify(content).length > 100 * bytes.length + 10_000)
      throw new Error('the answer is far larger than the message');
    if (content.aliases.length > content.records.length) throw new Error('more aliases than records');
    for (const text of [...content.values, ...content.aliases])
      if (typeof text !== 'string') throw new Error(`${typeof text} is not a value`);
  },
});
