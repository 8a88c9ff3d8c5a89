import { createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { probeSmtp } from '../../../lib/verify/smtp/probe';
import { target } from '../target';
import { anyText, INHERITED, madeOf } from '../texts';

const reply = fc.oneof(
  fc.constantFrom(
    '220 mail.test ESMTP\r\n',
    '250-mail.test\r\n250 STARTTLS\r\n',
    '250 ok\r\n',
    '554 no\r\n',
    '421 \r\n',
    '220\r\n',
    '250-\r\n',
    '999 x\n',
    '25',
    '\r\n',
  ),
  fc.constantFrom(...INHERITED),
  anyText(20),
);

let server: Server | undefined;
let script: readonly string[] = [];

/** A server that says its next piece at the beginning and after each line, and hangs up when it has none left. */
async function listening(): Promise<number> {
  if (!server) {
    const made = createServer((socket) => {
      const pieces = [...script];
      const say = () => {
        const piece = pieces.shift();
        if (piece === undefined) socket.end();
        else if (socket.writable) socket.write(piece);
      };
      socket.on('error', () => undefined).on('data', say);
      say();
    });
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    made.unref();
    server = made;
  }
  return (server.address() as { port: number }).port;
}

export const smtpDialogue = target({
  name: 'smtp-dialogue',
  milliseconds: 1000,
  runs: 60,
  input: fc.array(fc.oneof({ weight: 3, arbitrary: reply }, { weight: 1, arbitrary: madeOf(reply) }), { maxLength: 12 }),
  async check(pieces) {
    script = pieces;
    const port = await listening();
    const picture = await probeSmtp('127.0.0.1', 25, {
      heloName: 'mail.test',
      domains: ['mail.test'],
      timeoutMilliseconds: 40,
      portMap: { 25: port },
    });
    if (picture.relay.length > 4 || picture.postmasters.length > 11) throw new Error('more attempts than were made');
    for (const { code } of picture.relay) if (!(code >= 0 && code <= 999)) throw new Error(`code ${code}`);
    if (picture.milliseconds > 5000) throw new Error(`took ${picture.milliseconds} ms`);
  },
});
