import { createConnection } from 'node:net';
import { listen } from '../../../lib/verify/host/listener';

/** A client that says these lines, one after each reply. */
async function say(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = createConnection({ host: '127.0.0.1', port });
  const replies: string[] = [];
  const left = [...lines];
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      replies.push(chunk.toString().trim());
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  return replies;
}

describe('the listener for one mail of the mail host', () => {
  const options = { address: '127.0.0.1', bind: '127.0.0.1', port: 0, timeoutMilliseconds: 5000 };

  test('hangs up on whoever says a line without an end, and hears the awaited mail all the same', async () => {
    const listener = await listen(options, 'token');
    try {
      expect(await say(listener.port, ['x'.repeat(5000)])).toEqual(['220 mailserver.invalid ESMTP']);
      const lines = ['EHLO mail.example.com', 'RCPT TO:<token@[127.0.0.1]>', 'DATA', 'x\r\n.', 'QUIT'];
      await say(listener.port, lines);
      expect(await listener.heard).toMatchObject({ helo: 'mail.example.com' });
    } finally {
      await listener.close();
    }
  });

  test('hears the name that the awaited mail comes with, and takes no other mail', async () => {
    const listener = await listen(options, 'token');
    try {
      const stranger = await say(listener.port, [
        'EHLO spam.example',
        'MAIL FROM:<>',
        'RCPT TO:<other@[127.0.0.1]>',
        'DATA',
        'QUIT',
      ]);
      expect(stranger.slice(3, 5)).toEqual([expect.stringMatching(/^550/), expect.stringMatching(/^554/)]);
      const host = [
        'EHLO mail.example.com',
        'MAIL FROM:<>',
        'RCPT TO:<token@[127.0.0.1]>',
        'DATA',
        'Subject: x\r\n\r\nRCPT TO:<x>\r\n.',
        'QUIT',
      ];
      await say(listener.port, host);
      expect(await listener.heard).toEqual({ helo: 'mail.example.com', address: '127.0.0.1' });
    } finally {
      await listener.close();
    }
  });

  test('ends without a name when nobody comes', async () => {
    const listener = await listen({ ...options, timeoutMilliseconds: 50 }, 'token');
    expect(await listener.heard).toEqual({ problem: 'no mail came to port 25 of 127.0.0.1 within 0.05 s' });
    await listener.close();
  });

  test('says what to do when the port cannot be had', async () => {
    const first = await listen(options, 'token');
    await expect(listen({ ...options, port: first.port }, 'token')).rejects.toThrow(/cannot listen on port \d+ \(EADDRINUSE\)/);
    await first.close();
  });
});
